/* Inside the iframe of /embed: tells the host page how high the list is, whenever that changes. */
const tell = () => parent.postMessage({ type: "evenemang:height", height: Math.ceil(document.documentElement.scrollHeight) }, "*");
new ResizeObserver(tell).observe(document.body);
tell();
