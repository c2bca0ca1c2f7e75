"""One character in, what it looks like out: the folds under which two spellings of a word are the same word.

`Skeleton` is the strongest fold (used to find vocabulary): compatibility forms, case, accents, spaces, dashes and
invisible characters, traditional characters, and letters or digits that look alike all fall together. `TRADITIONAL`
is the weakest: one traditional character to its simplified form, so that offsets stay. `EARLY` makes dashes, middle
dots and a few signs one before compatibility forms would part them.
"""

from __future__ import annotations

import unicodedata

_PAIRS = (
    "鐵铁鋰锂錳锰鎳镍鈷钴鋁铝鎂镁鈦钛鈮铌釩钒鋯锆鎵镓鈉钠鉀钾鈣钙鋅锌鉻铬銅铜鉛铅鐳镭鹵卤鹽盐錠锭鎢钨鉬钼鍺锗銦铟"
    "碳碳極极電电壓压實实縮缩體体極极粉粉輝辉雲云礦矿氫氢氧氧氯氯氨氨銨铵燒烧結结煅煅焙焙爐炉窯窑窰窑軌轨輥辊熱热溫温"
    "時时間间氣气氛氛圍围氮氮乾干燥燥噴喷霧雾磨磨漿浆製制備备導导劑剂導导質质量量規规範范圍围應应對对聲声檢检測测試试驗验樣样"
    "庫库倫伦侖仑效效率率環环圓圆維维持持數数據据較较過过濾滤離离樹树脂脂換换純纯淨净凈净劑剂萃萃還还復复轉转變变態态"
    "鍛锻鑄铸鍍镀鍵键錯错銷销鋼钢針针銳锐鑽钻錄录鎖锁鏈链錐锥鍾钟鐘钟鐘钟銀银釘钉鋪铺鏟铲銑铣"
    "壓压軋轧輸输輕轻載载軟软軸轴較较輛辆輪轮邊边遞递遠远適适選选運运進进達达還还連连這这過过違违"
    "產产業业業业書书說说明明術术語语記记證证評评計计設设訂订許许論论談谈調调請请課课議议讓让護护譯译讀读變变"
    "單单雙双圖图國国場场報报執执塊块壞坏壽寿夠够頭头奧奥學学寶宝實实審审寫写寬宽導导將将專专尋寻屬属層层"
    "幣币帶带師师幫帮廠厂廣广庫库應应廢废廳厅張张強强彈弹彎弯後后從从徑径復复徵征慮虑慶庆憶忆懸悬戰战戶户"
    "擴扩擇择擊击攪搅攝摄擠挤據据擬拟擋挡採采掛挂換换損损搖摇敗败敘叙數数斷断於于時时晝昼曉晓暫暂會会東东"
    "條条來来極极構构槍枪樂乐標标樞枢樓楼樣样橋桥機机檔档權权歐欧歸归歲岁殘残殺杀殼壳氈毡決决況况沒没"
    "淺浅減减渦涡測测湯汤準准溝沟溫温滅灭滲渗漸渐漲涨漿浆潔洁潤润澤泽濃浓濕湿濟济濾滤灘滩灣湾為为烏乌無无"
    "煙烟煩烦熔熔燈灯燃燃營营爾尔牽牵狀状獨独獎奖獲获現现環环瓊琼畝亩異异療疗發发盡尽監监盤盘瞭了矽硅碼码磚砖"
    "禮礼種种稱称穩稳積积穀谷窩窝競竞筆笔節节範范築筑簡简簽签籌筹粵粤糧粮糾纠紅红紋纹納纳紙纸級级紛纷素素"
    "細细終终組组結结絕绝絡络給给統统絲丝經经綠绿維维網网緊紧緒绪線线締缔緣缘編编緩缓練练緯纬縣县縱纵總总績绩繞绕"
    "織织繼继續续纖纤罰罚羅罗義义習习聯联聲声職职肅肃脫脱腦脑臺台與与興兴舉举舊旧艦舰藍蓝蘇苏蘋苹處处號号蝕蚀"
    "補补裝装裡里裏里製制複复襯衬見见規规視视親亲覽览觀观覺觉訊讯託托訓训設设診诊詞词詢询試试話话該该詳详認认誤误"
    "調调課课諧谐諾诺謝谢識识譜谱警警豐丰負负財财責责貨货貫贯貴贵買买費费貿贸資资質质賓宾購购賽赛贈赠贊赞趨趋"
    "車车軍军農农遙遥鄉乡郵邮鄰邻釋释裂裂門门閃闪閉闭開开閑闲間间閘闸閥阀關关闊阔陣阵陰阴陳陈陽阳階阶際际隨随險险"
    "隱隐隻只雖虽難难雜杂雞鸡離离靈灵靜静韌韧響响頁页頂顶項项順顺須须預预頓顿領领頻频顆颗題题額额類类顯显風风飛飞餘余"
    "館馆馬马驅驱驗验驟骤體体魚鱼鮮鲜鹼碱鹸碱麗丽麥麦黃黄黏粘點点黨党齊齐齒齿龍龙溼湿劃划劑剂動动勵励勝胜區区協协卻却厭厌"
    "參参吳吴員员問问啟启喪丧嚴严團团圍围園园執执墊垫壘垒夾夹婦妇孫孙寧宁岡冈島岛嶺岭峽峡憑凭懷怀"
    "扎扎捲卷掃扫揮挥撐撑擔担舖铺棄弃樁桩橫横櫃柜氬氩渾浑潰溃濺溅瀝沥炭炭煉炼燙烫燜焖爭争犧牺狹狭疊叠瘤瘤皺皱"
    "鹼碱砲炮磺磺禦御秤秤穿穿筛筛篩筛粗粗糰团緻致縫缝罐罐翹翘膠胶膩腻膽胆舉举蓋盖薄薄蒸蒸藥药蘊蕴蝸蜗衝冲裝装"
    "誌志賬账跡迹軀躯遷迁鄭郑醫医釀酿鈍钝鈔钞鈕钮鉑铂鉗钳銻锑鋒锋鋸锯錫锡鍋锅鍊链鎮镇鏽锈鐮镰鑄铸鑑鉴鑒鉴鑲镶"
    "並并亂乱俠侠內内剝剥勁劲勻匀嘆叹喬乔嗎吗堅坚墾垦壇坛壺壶奮奋媽妈幹干當当彙汇恥耻悅悦戲戏拋抛挾挟搗捣搶抢擺摆攬揽敵敌斂敛晉晋枴拐楊杨樸朴歡欢毀毁洩泄滌涤滯滞滿满漁渔漢汉潛潜濁浊濤涛濫滥濱滨瀉泻瀏浏災灾爺爷獻献"
    "畢毕畫画癥症盧卢眾众矯矫確确礎础礙碍祿禄禍祸窮穷簾帘約约綱纲繩绳繪绘罷罢聖圣聞闻聽听脈脉脅胁腫肿臉脸臨临艙舱艷艳藝艺莊庄華华萬万葉叶蒼苍蔣蒋蘭兰虛虚衛卫觸触討讨訟讼訪访訴诉貝贝貢贡販贩貯贮貼贴賀贺賞赏賠赔賣卖"
    "賦赋賴赖趙赵踐践輔辅輯辑轄辖轟轰辦办辭辞迴回逕径週周遊游遲迟遺遗銘铭鋇钡鏡镜長长閱阅闆板陸陆頒颁願愿飯饭飲饮駕驾驚惊齡龄餾馏滷卤礬矾鉭钽鈾铀鑭镧鈰铈鎘镉鉍铋錸铼銲焊鈹铍鋱铽鏑镝釹钕鐠镨釔钇稜棱醱酰醯酰歷历曆历"
    "麵面裊袅麼么麽么鑰钥靄霭韻韵駛驶鳥鸟鹹咸佔占僱雇兇凶剋克啓启囑嘱壩坝夥伙姦奸妳你崗岗嶄崭巖岩廚厨廬庐彥彦慘惨憲宪懇恳扡拖捨舍揀拣擰拧擲掷攤摊斬斩曬晒朧胧柵栅棟栋槳桨檸柠櫥橱欄栏毆殴汙污沖冲洶汹涼凉淚泪滄沧澀涩"
    "澆浇瀘泸燭烛燴烩爛烂牆墙瑪玛瓏珑甕瓮癮瘾盜盗睏困矚瞩硃朱碩硕磯矶祕秘稅税穫获竊窃筍笋籃篮糞粪絞绞綜综綢绸縛缚繳缴罈坛羈羁聳耸膚肤艱艰芻刍莖茎蕩荡蕭萧薦荐薩萨蠟蜡蠶蚕褲裤誠诚誘诱誰谁謀谋謂谓講讲譽誉贏赢躍跃輻辐"
    "轎轿辯辩遼辽醬酱鉤钩錘锤闖闯閣阁閡阂隸隶霑沾頰颊顛颠饑饥驢驴鬧闹魯鲁鯨鲸鴉鸦鷹鹰錦锦餅饼塗涂涇泾嚐尝紡纺綿绵銠铑釕钌錒锕鋨锇擱搁橢椭鍶锶銣铷銫铯鎔熔燬毁鑷镊鍘铡痠酸絨绒緞缎縷缕繡绣纜缆鑼锣驕骄龐庞龔龚"
    "閾阈闡阐阻阻隊队際际隴陇霉霉靂雳韓韩頸颈顏颜顧顾飄飘飼饲飽饱駁驳駐驻騰腾髒脏鬆松鬥斗鬱郁鹽盐么么甦苏亞亚佈布併并係系"
    "倆俩個个們们倉仓偉伟側侧偵侦傑杰傘伞備备傳传債债傷伤傾倾僅仅價价儀仪億亿優优儲储兒儿兩两冊册凍冻凝凝劉刘別别"
    "剛刚創创劇剧劍剑務务勞劳勢势匯汇匱匮卹恤厲厉叢丛吶呐咼呙喚唤嘗尝嘜唛噸吨墜坠壯壮夢梦奪夺妝妆婁娄嬰婴"
    "於于寢寝屆届嵐岚帥帅幾几廁厕徹彻恆恒悶闷惡恶惱恼惻恻愛爱態态慣惯懶懒掙挣揚扬撥拨撫抚撲扑擁拥擬拟擾扰攔拦攜携"
)
TRADITIONAL = str.maketrans({_PAIRS[i]: _PAIRS[i + 1] for i in range(0, len(_PAIRS) - 1, 2)})

EARLY = {
    **str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")),
    **str.maketrans(dict.fromkeys("\u2022\u2219\u22c5\u2027\u30fb\uff65", "·")),
    **str.maketrans({"º": "°", "˚": "°", "◦": "°", "∘": "°", "⁄": "/", "∕": "/", "～": "~", "∼": "~"}),
}
_LOOK_ALIKES = {
    pair[0]: pair[1]
    for pair in (
        "аa вb еe кk мm нh оo рp сc тt уy хx іi јj ѕs һh ӏl ԁd ԛq ԝw ѵv ґr "
        "αa βb εe ζz ηn ιi κk νv οo ρp τt υu χx γy ɡg ɑa ıi օo հh սu ո n ʟl ɪi ʜh ᴛt ɴn ƅb ɩl"
    )
    .replace("ո n", "ոn")
    .split()
}
_ALIKE = {"0": "o", "1": "l", "i": "l", "|": "l"}
_DROPPED = frozenset("·•⋅∙‧・*_’'`´ʹ′·")
_DROPPED_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd", "Mn", "Me", "Co", "Cn", "Cs"})
_KEPT_COMPOSED = ((0xAC00, 0xD7A3), (0x3040, 0x30FF))


class Skeleton(dict[int, str | None]):
    """A `str.translate` table that fills itself in: each character becomes its skeleton; `None` when nothing is left.

    (`None`, not an empty string: with it `translate` keeps to its fast path for ASCII.)
    """

    def __missing__(self, code: int) -> str | None:
        folded = self[code] = _skeleton_of(chr(code)) or None
        return folded


def _skeleton_of(char: str) -> str:
    whole = unicodedata.normalize("NFKC", char.translate(EARLY))
    parts = "".join(part if _stays_composed(part) else unicodedata.normalize("NFKD", part) for part in whole)
    return "".join(_skeleton_of_plain(part) for part in parts.lower().translate(EARLY))


def _stays_composed(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in _KEPT_COMPOSED)


def _skeleton_of_plain(char: str) -> str:
    if char in _DROPPED or char == "\N{MINUS SIGN}" or unicodedata.category(char) in _DROPPED_CATEGORIES:
        return ""
    char = char.translate(TRADITIONAL)
    char = _LOOK_ALIKES.get(char, char)
    return _ALIKE.get(char, char)
