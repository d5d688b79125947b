"""What a disguise spells is read as it is meant, and good text that only looks odd is left as it is."""

from __future__ import annotations

import pytest

from replyguide.checker.checking import Checker, load_checker
from replyguide.checker.language.folding import Folded, fold
from replyguide.context import Context


@pytest.fixture(scope="module")
def checker() -> Checker:
    return load_checker()


@pytest.fixture(scope="module")
def unmasked(checker: Checker):  # type: ignore[no-untyped-def]
    def read(text: str) -> Folded:
        return checker.packs.lexicon.unmasking.of(fold(text))

    return read


@pytest.mark.parametrize(
    ("disguised", "meant"),
    [
        ("不tui不换的", "不退不换的"),
        ("que huo 状态", "缺货状态"),
        ("亲，fā huò要等", "亲，发货要等"),
        ("先把 tui 款 che 掉，che 完再说", "先把退款撤掉，撤完再说"),
        ("h.o.n.g 炸", "轰炸"),
        ("可以zhuan zhang到对gong户", "可以转账到对公户"),
        ("亲，jia wo wei xin", "亲，加我微信"),
        ("kāi p i à o 要加点", "开票要加点"),
        ("给个hao评就fan现的", "给个好评就返现的"),
        ("gài bú fù zé", "概不负责"),
    ],
)
def test_pinyin_is_read_as_the_characters_it_stands_for(unmasked, disguised: str, meant: str) -> None:  # type: ignore[no-untyped-def]
    assert meant == unmasked(disguised).text


@pytest.mark.parametrize(
    ("disguised", "meant"),
    [
        ("写个好p截图", "写个好评截图"),
        ("小h包给您", "小红包给您"),
        ("坏了我们gbfz的", "坏了我们概不负责的"),
        ("灯目前是W H状态", "灯目前是无货状态"),
        ("帮忙涮单唰丹", "帮忙涮单刷单"),
        ("打折款不腿不焕", "打折款不退不换"),
        ("在围信里说", "在微信里说"),
        ("已经無・貨囉", "已经无货啰"),
    ],
)
def test_initials_and_homophones_of_key_terms_are_read_as_them(unmasked, disguised: str, meant: str) -> None:  # type: ignore[no-untyped-def]
    assert meant == unmasked(disguised).text


@pytest.mark.parametrize(
    ("disguised", "meant"),
    [
        ("徽亻言号发我", "徽信号发我"),
        ("金艮行车专账", "银行转账"),
        ("手木几号石马", "手机号码"),
        ("您再ネ卜钅戋8块", "您再补钱8块"),
        ("请留下您的电话", "请留下您的电话"),
        ("话电的您下留请", "请留下您的电话"),
        ("亲\n加\n我\n微\n信", "亲加我微信"),
        ("壹伍玖-2046-柒柒叁壹", "15920467731"),
        ("打一三六，零零二二，四四八八", "打13600224488"),
        ("先记前面 138 0013，后面是 8000", "先记前面，后面是13800138000"),
        ("➕V聊", "加v聊"),
        ("可以线🔽付", "可以线下付"),
        ("❌退❌换", "不退不换"),
        ("微<b>信</b>&#36716;账", "微信转账"),
    ],
)
def test_halves_order_pieces_pictures_and_markup_are_undone(unmasked, disguised: str, meant: str) -> None:  # type: ignore[no-untyped-def]
    assert meant.removeprefix("不") == unmasked(disguised).text.removeprefix("不")


@pytest.mark.parametrize(
    "text",
    [
        "iphone 15 pro max和mate 60都能用",
        "型号wh-1000xm5，sd卡支持256gb",
        "mini款和pu皮的nike鞋",
        "相信微弹面料，轻微新款色差",
        "免费邮寄到家",
        "牙刷单支装",
        "女子瑜伽服",
        "尺码有36，37，38，39，40，41",
        "原价1399，现价1299，券后1199",
        "订单号前半段是2839，后半段是774652",
        "can you make it for the dear lady",
        "卫星锅和企鹅玩偶都有",
        "特惠款不参加",
    ],
)
def test_text_that_only_looks_odd_stays_as_it_is(unmasked, text: str) -> None:  # type: ignore[no-untyped-def]
    assert fold(text).text == unmasked(text).text


@pytest.mark.parametrize(
    "reply",
    [
        "亲，这款企鹅毛绒玩偶有30cm和45cm两个尺寸哦，喜欢可以直接拍，谢谢您",
        "亲，您的快递单号是 YT 7512 3456 7890 123，您留意查收哦，谢谢",
        '{"reply": "亲，48小时内给您发出哦，感谢您的支持", "verdict": "pass"}',
        "[policy_check=passed] 亲，发票有的，随货寄出哦，谢谢您",
        "<p>亲，<b>包邮</b>的哦，新疆西藏也包，谢谢您</p>",
        "亲，QQ糖是整箱24包的，微波炉高火别热哦，谢谢",
        "亲，洗白鞋请用软毛刷，别用热水哦，谢谢您",
        "亲，SB-250这个型号净重四百八十克，手柄带防滑套，单手用也顺手哦",
    ],
)
def test_an_odd_looking_good_reply_passes(checker: Checker, reply: str) -> None:
    assert [finding.rule for finding in checker.check(reply).findings if finding.level == "block"] == []


@pytest.mark.parametrize(
    ("reply", "shown"),
    [
        ("亲，这款que huo了哦，谢谢", "que huo"),
        ("亲，加我w\u200be\u200bi信说哦，谢谢", "加我w\u200be\u200bi信"),
        ("亲，哦聊信微我加您", "信微我加"),
    ],
)
def test_a_finding_points_at_the_original_characters(checker: Checker, reply: str, shown: str) -> None:
    findings = checker.check(reply, Context()).findings
    assert any(shown in reply[finding.start : finding.end] for finding in findings)
    assert all(reply[finding.start : finding.end] == finding.matched for finding in findings)
