"""The term table, as far as code names go: dangerous pairs apart, no pinyin, British licence."""

import ast
import re
from collections.abc import Iterator

from tests.conventions.sources import PACKAGES, Module, modules, nodes

# A word and where a name may hold it: the Chinese terms behind the pairs are different things.
HOMES = {
    # 归集 is the city's; 采集 is the clerk's
    "collection": ("licences.register.collection", "audit.supervision"),
    "collect": ("audit.supervision",),
    # 续期 is a seal's; 延期 is a licence's
    "renew": ("seals",),
    "renewal": ("seals",),
    "extend": ("licences", "zezhou_portal.exchange"),
    # an X.509 certificate has extensions of its own
    "extension": ("licences", "zezhou_portal.exchange", "seals.crypto"),
    # 核验 is what a user does with a licence or a file, or the auditor with the trail
    "verify": (
        "usage", "seals", "audit.trail", "zezhou_portal.exchange", "licences.register.entering", "licences.production.face",
        "zezhou_portal.parties.capabilities",
    ),
    "verification": ("usage", "seals"),
    # 审核 is the reviewer's
    "review": ("licences", "zezhou_portal.parties", "zezhou_portal.management"),
    "reviews": ("licences",),
    "reviewer": ("licences", "zezhou_portal.parties"),
}  # fmt: skip
# The law and the site as a whole speak of everything.
ANYWHERE = (
    "zezhou_portal.regulation", "zezhou_portal.settings", "zezhou_portal.management",
    "sample_county", "zezhou_portal.site",
)  # fmt: skip
# What the table says not to write, where no framework's own name needs it.
NEVER = frozenset(
    {
        "license", "licenses", "licensed", "licensee", "kyc", "uscc", "idcard", "sfz",
        "legacy", "whitelist", "blacklist", "reconcile", "sla", "stamp_duty", "archivecopy",
        "void", "acl", "kpi", "business_day", "workflow", "bulletinboard",
        # 亮证 is a presentation, 办件 an application
        "showing", "showings", "matter",
    }
)  # fmt: skip
PINYIN = frozenset(
    {
        "zhengzhao", "dianzi", "yinzhang", "chizheng", "chizhengren", "danwei", "zhifa", "qianfa",
        "shenhe", "caiji", "guiji", "banjian", "shouli", "shixiang", "mulu", "cailiao", "xingming",
        "mingcheng", "dizhi", "riqi", "youxiao", "youxiaoqi", "bianhao", "leixing", "beizhu",
        "zhuxiao", "diaoxiao", "yanqi", "xuqi", "heyan", "liangzheng", "yongzheng", "zhengming",
        "gongzhang", "qianzhang", "faren", "geren", "qiye", "shenfenzheng", "biaoshi", "zhaomian",
        "zhaopian", "fujian", "tijiao", "tuihui", "guanli", "xitong", "zezhouxian", "jincheng",
    }
)  # fmt: skip
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def defined(module: Module) -> Iterator[str]:
    """The names that a module makes: its own, of classes, functions, arguments and variables."""
    yield module.name.rsplit(".", 1)[-1]
    for node in nodes(module.tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def words_of(name: str) -> set[str]:
    """The words that a name is made of, in lower case, and the name itself."""
    parts = _CAMEL.sub("_", name).lower().strip("_").split("_")
    return {*parts, name.lower().strip("_")}


def misplaced(module: Module) -> list[str]:
    """Names that blur a pair of the term table."""
    return [
        f"{module.where}: {name} ({word})"
        for name in sorted(set(defined(module)))
        for word in sorted(words_of(name) & HOMES.keys())
        if not module.name.startswith((*HOMES[word], *ANYWHERE))
    ]


def test_names_when_read_then_pairs_stay_apart() -> None:
    assert [line for module in modules() for line in misplaced(module)] == []


def test_names_when_read_then_neither_pinyin_nor_forbidden() -> None:
    found = {
        f"{module.where}: {name}"
        for module in modules(*PACKAGES, "scripts", "tests")
        for name in set(defined(module))
        if words_of(name) & (PINYIN | NEVER)
    }
    assert found == set()


# One permit sheet (清单): the uploaded file is a sheet, what becomes of it a batch, its lines rows.
SHEETS = {"StockBatch": "batch", "Sheet": "sheet", "StockRow": "row"}


def misnamed(module: Module) -> list[str]:
    """Arguments, fields and makers of the stock room that call one of the three another's name."""
    found = []
    for node in nodes(module.tree):
        if isinstance(node, ast.arg):
            name, kind = node.arg, node.annotation
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name, kind = node.target.id, node.annotation
        elif isinstance(node, ast.FunctionDef):
            name, kind = node.name, node.returns
        else:
            continue
        own = SHEETS.get(_kind_of(kind), "")
        others = set(SHEETS.values()) - {own}
        if own and words_of(name) & others and own not in words_of(name):
            found.append(f"{module.where}:{node.lineno} {name}")
    return found


def _kind_of(annotation: ast.expr | None) -> str:
    """The class an annotation names, whether or not it may be None."""
    if isinstance(annotation, ast.BinOp):
        annotation = annotation.left
    return annotation.id if isinstance(annotation, ast.Name) else ""


def test_stock_when_read_then_sheet_batch_and_row_stay_apart() -> None:
    stock = [one for one in modules() if one.name.startswith(("licences.stock", "licences.models"))]
    assert [line for module in stock for line in misnamed(module)] == []
    text = "def sheet_by_uuid(row: StockBatch) -> StockBatch | None: ...\n"
    here = stock[0]
    assert len(misnamed(Module(here.path, here.name, text))) == 2


def test_pair_when_blurred_then_found() -> None:
    text = "def renew_licence(): ...\ndef collect_values(): ...\n"
    here = next(one for one in modules() if one.name == "licences.lifecycle")
    wrong = Module(here.path, here.name, text)
    assert misplaced(wrong) == [
        "licences/lifecycle.py: collect_values (collect)",
        "licences/lifecycle.py: renew_licence (renew)",
    ]
    assert words_of("ZhengZhaoNumber") & PINYIN == set()
    assert words_of("zhengzhao_number") & PINYIN == {"zhengzhao"}
