"""Names of people, told by what stands beside them: a word for the receiver, a title, a phone number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replyguide.drafting.masking.kinds import PersonalKind

_DOUBLE = "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|令狐|慕容|司徒|端木|夏侯|南宫|长孙|宇文"
_SINGLE = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂柴欧焦向柳邢岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜"
    "路詹关苗凌费纪靳盛童甄项曲游阳裴席卫查屈鲍位覃霍翁隋植甘景薄司柏宁柯阮桂闵陳劉楊趙黃吳孫馬羅鄭謝韓馮"
    "蕭鄧許呂蘇盧蔣賈葉閻鐘範鄒陸龍萬錢湯賀賴龔顏嚴溫蘆魯韋聶喬"
)
_HAN = "一-鿿"
_GIVEN = f"(?:(?![的了吗么呢吧啊哦上下这那不没要就也都还收对是写帮和改拍买查])[{_HAN}]){{1,2}}"
_NAME = f"(?:(?:{_DOUBLE}){_GIVEN}|[{_SINGLE}]{_GIVEN})"
# What follows a name: an end, a mark, or one of the few words that people put there.
_AFTER = (
    r"(?=$|[\s，。、；：！？,.;:!?~～/|\-()（）\d\[【]|先生|女士|小姐|电话|手机|谢谢|麻烦|这个"
    r"|本人|[收的吗么吧呢啊哦对是没写帮和改拍买查可能行])"
)
_CUED = re.compile(
    "(?:抬头写?|收(?=[：:])|机主|备注给|签收人(?:显示|是)?|实名信息|我姓|寄给|开给|收件人|收货人|收貨人|收件姓名|收货姓名|联系人|姓名|名字|户名|本人|我叫|叫做|名叫|抬头个人|寄件人|署名|开给|填的?是|写的?是|我是|改成|换成|我老公|我老婆|帮我查|查一?下|我妈妈?|我爸爸?)"
    f"(?:的名字)?(?:是|叫|为|填|写|改成|换成|[：:】\\]]|\\s|的)*(?P<name>{_NAME}){_AFTER}"
)
_TITLED = re.compile(
    f"(?<![{_HAN}])(?!祝)(?P<name>(?:{_NAME}|[{_SINGLE}])(?:先生|女士|小姐|太太|阿姨|叔叔|师傅(?=[，,：:\\s\\d])|老师(?=收)))"
)
_TITLED_AFTER_WORD = re.compile(
    f"(?:收件人|收货人|联系人|我是|我叫|给|找|是|叫)(?P<name>(?:{_NAME}|[{_SINGLE}])(?:先生|女士|小姐|太太))"
)
_MOBILE = r"(?:电话|手机|tel)?[:：\s]*(?:\+?86)?1[3-9]\d(?:[ \-.]?\d){8}"
_BY_NUMBER = re.compile(
    rf"(?<![{_HAN}])(?P<before>{_NAME})[\s，,、:：/]*(?={_MOBILE}|\d{{17}}[\dXx])"
    rf"|1[3-9]\d(?:[ \-.]?\d){{8}}[\s，,、/]*(?P<after>{_NAME})(?![{_HAN}])",
    re.IGNORECASE,
)
_LATIN = re.compile(
    r"(?:[Mm]y name is|[Nn]ame:|[Rr]eceiver:?|I am|I'm|[Aa]ttn:?|[Rr]ecipient:?|[Cc]onsignee:?)"
    r"\s*(?P<name>[A-Z][a-z]+(?:[ \-][A-Z][a-z]+){1,2})"
)
# Beside an address: `…3栋1单元502，贾玲`.
_BESIDE = re.compile(rf"^[\s，,、/:：]{{1,2}}(?P<name>{_NAME})(?=$|[\s，,。、\d]|收)")
_DOTTED = re.compile(
    f"(?:收件人|收货人|联系人|姓名|名字|户名|我叫|我是)(?:是|叫|[：:】]|\\s)*(?P<name>[{_HAN}]{{2,4}}·[{_HAN}]{{2,8}})(?![{_HAN}·])"
)
_FAMILY_ALONE = re.compile(f"我姓(?P<name>{_DOUBLE}|[{_SINGLE}])(?![{_HAN}])")
# Begin like a name and are none.
_NO_NAME = re.compile(
    "^(?:高个|高挑|高级|高仿|黄色|黄金|白色|白领|金色|金属|马上|马上|方便|方式|常用|常见|安全|安装|文具|文字|单独|单号|单位|包邮|包裹|成功|成交|成都"
    "|向您|时间|时候|路上|关闭|关于|管理|位置|于是|何时|何必|万一|任何|江苏|江西|安徽|宁波|宁夏|武汉|温州|金华|常州|石家|易碎|温馨"
    "|石头|梅花|兰花|桂花|龙井|牛肉|牛奶|马克|毛衣|毛巾|米色|花色|水果|黑色|红色|蓝色|绿色|成人|成品|曲别|钱包|汤圆|陶瓷|康乃|钟表|盛装"
    "|经常|平时|年轻|学生|老师|买家|卖家|客服|顾客|宝宝|全部|这个|那个|什么|怎么|新的|旧的|原来|刚才|昨天|今天|明天|叶子|谷物|查询|查看|查下|查一"
    "|谢谢|许多|尤其|安排|施工|申请|申通|时效|路由|童装|金毛|熊猫|项目|包包|包含|游客|成分|童鞋|左边|左右|白天|卫衣|卫生|景区|欧码|柏木|田园)"
)


def names(text: str) -> Iterator[tuple[PersonalKind, int, int]]:
    """Yield kind and span of every name."""
    for pattern in (_CUED, _TITLED, _TITLED_AFTER_WORD, _LATIN, _DOTTED, _FAMILY_ALONE):
        for found in pattern.finditer(text):
            if not _NO_NAME.match(found["name"]):
                yield "name", *found.span("name")
    for found in _BY_NUMBER.finditer(text):
        group = "before" if found["before"] is not None else "after"
        if not _NO_NAME.match(found[group]):
            yield "name", *found.span(group)


def name_after(text: str, end: int) -> tuple[int, int] | None:
    """Return the span of a name that stands right after an address that ends at `end`, `None` if none does."""
    found = _BESIDE.match(text[end : end + 8])
    if found is None or _NO_NAME.match(found["name"]):
        return None
    return end + found.start("name"), end + found.end("name")
