"""Characters written as their halves (`亻言` for 信, `弓长` for 张), put together again.

A half that is no character of its own gives itself away. Halves that are (`女子`, `木几`) are joined only if they are
no usual pair and the joined character makes one with its neighbour.
"""

from __future__ import annotations

import re

from replyguide.checker.collocations import collocations
from replyguide.checker.folding import Folded
from replyguide.checker.rewriting import Edit, rewritten

# Characters that key terms are made of, by their halves; a second spelling follows a slash.
_HALVES = dict(
    entry.split("=")
    for entry in (
        "亻言=信 氵匚=汇 车专=转 贝长=账 贝攵=败 巾长=帐 月长=胀 亻寸=付 亻方=仿 亻叚=假 亻介=价 亻尔=你 亻门=们 亻也=他 亻更=便 亻呆=保 "
        "亻故=做 亻氐=低 亻固=个 亻弋=代 亻本=体 亻到=倒 亻尤=优 亻专=传 亻象=像 亻列=例 讠平=评 讠斥=诉 讠丁=订 讠舌=话 讠己=记 讠隹=谁 讠青=请 讠射=谢 "
        "讠上=让 讠正=证 讠人=认 讠兑=说 讠吾=语 讠式=试 讠殳=设 扌口=扣 扌丁=打 扌殳=投 扌奂=换 扌白=拍 扌戈=找 扌非=排 扌是=提 扌艮=报 扌合=给 扌立=拉 "
        "扌我=我 扌日=扫 扌彐=扫 扌专=抟 扌妾=接 扌发=拨 扌肖=捎 扌廷=挺 扌隹=推 扌由=抽 扌用=拥 钅戋=钱 钅艮=银 金艮=银 钅肖=销 钅昔=错 金戋=钱 "
        "钅夬=缺 纟工=红 纟戋=线 纟合=给 纟吉=结 纟充=统 纟及=级 纟勺=约 纟色=绝 纟录=绿 纟圣=经 辶艮=退 艮辶=退 辶云=运 云辶=运 辶寸=过 寸辶=过 辶反=返 反辶=返 "
        "辶关=送 关辶=送 辶车=连 车辶=连 辶首=道 辶文=这 文辶=这 辶力=边 力辶=边 辶不=还 不辶=还 辶由=迪 由阝=邮 阝由=邮 者阝=都 阝者=都 礻卜=补 衤卜=补 礻畐=福 "
        "礻申=神 礻见=视 尸巾刂=刷 尸巾刀=刷 尸巾力=刷 歹刂=列 至刂=到 另刂=别 禾刂=利 贝刂=则 氵气=汽 氵肖=消 氵先=洗 氵去=法 氵殳=没 氵舌=活 氵青=清 氵由=油 氵原=源 "
        "忄青=情 忄央=快 忄生=性 忄白=怕 犭贝=狈 饣反=饭 饣官=馆 竹相=箱 竹由=笛 竹合=答 竹寺=等 口斗=叫 口乞=吃 口马=吗 口巴=吧 口那=哪 口合=哈 口自=咱 "
        "耳又=取 门才=闭 门人=闪 门口=问 门日=间 宀女=安 宀各=客 宀至=室 "
        "木几=机 石马=码 木目=相 木公=松 木反=板 木交=校 木又=权 木示=标 木羊=样 木各=格 木兆=桃 女子=好 女马=妈 女未=妹 弓长=张 力口=加 又欠=欢 "
        "化贝=货 贝化=货 人贝=负 西示=票 禾兑=税 禾中=种 禾呈=程 禾火=秋 士示=款 彳亍=行 彳艮=很 彳寺=待 彳导=得 君羊=群 缶夬=缺 上卜=卡 上下=卡 王见=现 王里=理 "
        "矢豆=短 矢口=知 古月=胡 日月=明 日寸=时 日乍=昨 日免=晚 日音=暗 占灬=点 占火=点 己走=起 走己=起 取走=趣 弗贝=费 分贝=贫 口贝=员 勹巳=包 勹口=句 火少=炒 米参=糁 "
        "田各=略 目艮=眼 舌辛=辞 革化=靴 革圭=鞋 立占=站 立里=童 章攵=敬 贝才=财 贝反=贩 贝者=赌 又寸=对 土也=地 土成=城 文寸=对 斤欠=欣 丰支=款 口多=哆 "
        "衣谷=裕 衤谷=裕 衤君=裙 衤末=袜 月半=胖 月要=腰 月复=腹 月甬=痛 疒甬=痛 疒丙=病 疒台=治 氵台=治 饣耳=饵 亻到=倒 氵戋=浅 风票=飘 身寸=射 身尚=躺 言寸=讨 言十=计 言己=记"
    ).split()
)
_GIVEN_AWAY = frozenset("亻氵讠扌钅纟辶阝礻衤刂匚忄犭饣疒宀彳灬勹巳缶艮殳戋夬奂弗")
_PAIRS = re.compile("|".join(sorted(map(re.escape, _HALVES), key=len, reverse=True)))
# Asked first, since two sets of characters cost a tenth of two hundred alternatives.
_LIKELY = re.compile(
    "[" + "".join(sorted({pair[0] for pair in _HALVES})) + "][" + "".join(sorted({pair[1] for pair in _HALVES})) + "]"
)


def joined(folded: Folded) -> Folded:
    """Return the text with split characters joined."""
    text = folded.text
    if _LIKELY.search(text) is None:
        return folded
    candidates = [(found.start(), found.end(), _HALVES[found[0]]) for found in _PAIRS.finditer(text)]
    edits: list[Edit] = []
    for place, (start, end, whole) in enumerate(candidates):
        if not _GIVEN_AWAY.isdisjoint(text[start:end]) or _makes_a_pair(text, candidates, place):
            edits.append(Edit(start, end, whole))
    return rewritten(folded, edits)


def _makes_a_pair(text: str, candidates: list[tuple[int, int, str]], place: int) -> bool:
    start, end, whole = candidates[place]
    usual = collocations()
    if usual.is_usual(text[start : start + 2]):
        return False
    before, after = text[start - 1 : start], text[end : end + 1]
    if place and candidates[place - 1][1] == start:
        before = candidates[place - 1][2]
    if place + 1 < len(candidates) and candidates[place + 1][0] == end:
        after = candidates[place + 1][2]
    if usual.is_usual(before + text[start]) or usual.is_usual(text[end - 1] + after):
        return False
    return usual.weights.get(before + whole, 0) > 1 or usual.weights.get(whole + after, 0) > 1
