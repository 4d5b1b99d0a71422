/* Inside the iframe of /embed: tells the host page how high the list is, whenever that changes. Not the height of the
   document, which is never less than the frame's own. What is wrong in the frame's address is told in the console. */
const high = () => Math.ceil(document.body.getBoundingClientRect().bottom + scrollY);
const tell = () => parent.postMessage({ type: "evenemang:height", height: high() }, "*");
new ResizeObserver(tell).observe(document.body);
tell();
for (const { content } of document.querySelectorAll("meta[name='evenemang:wrong']")) console.warn(`evenemang: ${content}`);
