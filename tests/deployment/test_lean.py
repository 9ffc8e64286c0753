"""What is published is what was written, in fewer bytes."""

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from deployment.errors import DeploymentError
from deployment.lean import shrink
from deployment.page import FRONTEND, list_page_files

ROOT = FRONTEND.parent
SCRIPTS = sorted(FRONTEND.rglob("*.js"))
STYLES = sorted(FRONTEND.rglob("*.css"))

LIST_TOKENS = """
const ts = require("typescript");
const tokens = (text) => {
  const found = [];
  const walk = (node) => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(file);
    if (children.length) children.forEach(walk);
    else if (node.getText(file)) found.push(node.getText(file));
  };
  const file = ts.createSourceFile("x.js", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  walk(file);
  return found;
};
const pairs = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(pairs.map((pair) => pair.map(tokens))));
"""


def test_scripts_are_the_same_programs_token_for_token() -> None:
    if shutil.which("node") is None or not (ROOT / "node_modules/typescript").is_dir():
        pytest.skip("Node.js or node_modules/typescript was not found: `make lint` installs it.")
    pairs = [[path.read_text(), shrink(path.read_bytes(), ".js").decode()] for path in SCRIPTS]
    listed = subprocess.run(
        ["node", "-e", LIST_TOKENS],
        input=json.dumps(pairs),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    ).stdout
    for path, (written, published) in zip(SCRIPTS, json.loads(listed), strict=True):
        assert len(written) > 10
        assert published == written, path.name


@pytest.mark.parametrize("path", [*SCRIPTS, *STYLES], ids=lambda path: path.name)
def test_comments_are_left_out(path: Path) -> None:
    lean = shrink(path.read_bytes(), path.suffix)
    assert b"/*" not in lean
    assert b"@ts-check" not in lean
    assert len(lean) < len(path.read_bytes())


def test_a_text_that_looks_like_a_comment_stays() -> None:
    source = b'// no\nconst a = "/* yes */ // yes"; /* no */ const b = `// ${a} /* yes */`;\n'
    assert shrink(source, ".js") == b'const a="/* yes */ // yes";const b=`// ${a} /* yes */`;'
    style = b'a::before { content: "/* yes */"; /* no */ }'
    assert shrink(style, ".css") == b'a::before{content:"/* yes */";}'


def test_a_line_s_end_that_ends_a_statement_stays() -> None:
    assert shrink(b"const f = () => {\n  return // no\n  1\n}\n", ".js") == (
        b"const f=()=>{return\n1\n}"
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a + +b;", "a+ +b;"),
        ("a - -b;", "a- -b;"),
        ("a / /b/g;", "a/ /b/g;"),
        ("1 .x;", "1 .x;"),
        ("new A ( b );", "new A(b);"),
        ("x in é;", "x in é;"),
        ("`a  b${ c }`;", "`a  b${ c }`;"),
        ("a = 1\n++b", "a=1\n++b"),
    ],
)
def test_a_space_that_parts_two_tokens_stays(source: str, expected: str) -> None:
    assert shrink(source.encode(), ".js").decode() == expected


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("a :hover , b > c { d: e f; }", "a :hover,b > c{d:e f;}"),
        ("a {\n  b: calc(1px + 2px);\n}\n\nc {}", "a{b:calc(1px + 2px);}c{}"),
        (
            "@media (a: 1px) and (b), c {\n  d {\n    e: f(1, 2);\n  }\n}",
            "@media (a:1px) and (b),c{d{e:f(1,2);}}",
        ),
        ('a { content: " ; , "; --b: ; }', 'a{content:" ; , ";--b:;}'),
        ("a /* no */ b { c: d /* no */ e }", "a b{c:d e}"),
    ],
)
def test_a_space_that_a_style_needs_stays(style: str, expected: str) -> None:
    assert shrink(style.encode(), ".css").decode() == expected


def test_a_script_that_is_none_is_refused() -> None:
    with pytest.raises(DeploymentError, match="can't be parsed"):
        shrink(b"const = ;", ".js")


def test_the_page_is_sent_without_its_indentation() -> None:
    source = b'<ol>\n  <li a="b  c">d\n    e  f</li>\n</ol>\n'
    assert shrink(source, ".html") == b'<ol>\n<li a="b  c">d\ne  f</li>\n</ol>\n'


def test_nothing_in_the_page_is_as_it_is_indented() -> None:
    markup = (FRONTEND / "index.html").read_text()
    assert re.findall(r"<(pre|textarea|script>|style)", markup) == []
    assert re.findall(r'="[^"]*\n', markup) == []


@pytest.mark.parametrize("suffix", [".svg", ".jpg", ".webmanifest"])
def test_everything_else_is_sent_as_it_is(suffix: str) -> None:
    assert shrink(b"/* as it is */", suffix) == b"/* as it is */"


def test_styles_keep_all_that_is_no_comment() -> None:
    for path in STYLES:
        written = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        written = written.replace(r"\a0", "\u00a0")  # an escape, or the character
        published = shrink(path.read_bytes(), ".css").decode()
        assert re.sub(r"\s", "", published) == re.sub(r"\s", "", written), path.name


def test_the_published_scripts_weigh_two_thirds_of_the_sources() -> None:
    def weigh(contents: list[bytes]) -> int:
        return sum(len(gzip.compress(content)) for content in contents)

    published = [f.content for f in list_page_files() if f.key.endswith(".js")]
    assert weigh(published) < 0.7 * weigh([path.read_bytes() for path in SCRIPTS])
