"""Names of classes that mean something to one of the places that they are shown in or written to."""

NAMES = (
    '12" pizza', "<b>bold</b>", "&amp; &quot;", "$x$ $y$", ":red[x]", "*a* _b_", "[a](http://b.c)", "`code`", "a|b",
    "two\nlines", "100% 50%", "\u202eright to left", "مرحبا", "🦊 fox", "=1+1", "%{x} {y}",
    "<img src=x onerror=alert(1)>",
    ":material/home: :smile:", "a -> b -- c", "it's", "-5", "../up", "long " * 40,
)  # fmt: skip
