"""Makes ordinary office mail of a maker of battery materials: a number in, one RFC 5322 message out, always the same.

Both languages; signatures, logos, scanned signatures and scanned letters, photographs, quoted threads, calendar parts,
forwarded messages, small documents. The trade's words stand in it as they do in any office mail of the trade; nothing
in it says how anything is made.
"""

from __future__ import annotations

import io
import random
import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache

SCANS = 0.02  # of all mails carry a scanned letter: read where OCR is installed, else it waits for a person

TRADE = re.compile("lithium|LFP|cells|lot |kiln|plant|container", re.IGNORECASE)

NAMES_EN = ["Anna Berger", "Tom Hughes", "Priya Nair", "Marta Nowak", "Jonas Lind", "Grace Okoro", "Paul Meyer"]
NAMES_ZH = ["李伟", "王芳", "陈静", "张磊", "刘洋", "赵敏", "周强", "吴婷", "郑浩", "孙丽"]
COMPANIES_EN = ["Kathod GmbH", "Northcell AB", "Baltic Storage OU", "Helios Packs Ltd", "Meridian Logistics"]
COMPANIES_ZH = ["华东储能", "远航物流", "明达检测", "恒信包装", "江南电子"]

OPEN_EN = ["Hi {name},", "Dear {name},", "Good morning {name},", "Hello all,", "Dear colleagues,", "{name},"]
OPEN_ZH = ["{name},您好!", "{name}:", "各位同事:", "各位好,", "{name}你好,"]
CLOSE_EN = ["Best regards", "Kind regards", "Thanks", "Many thanks and best regards", "Cheers"]
CLOSE_ZH = ["此致敬礼", "谢谢!", "祝好", "顺颂商祺", "辛苦了,谢谢"]

BODY_EN = [
    "The meeting with {company} moves from {weekday} to {weekday2} at {hour}:30. Room {room} is booked and catering is"
    " ordered for {count} people. Please tell me by noon if you cannot come.",
    "Please find the purchase order {order} for {count} t of lithium carbonate, battery grade, at {price} EUR a tonne,"
    " CIF Hamburg. Payment 30 days net after the bill of lading. Kindly confirm by {weekday}.",
    "The container {container} left Ningbo on {date} and should arrive in week {week}. The forwarder still needs the"
    " packing list and the certificate of origin. Demurrage starts on day {count}.",
    "Our auditors ask for the invoices {order} and {order2} of the last quarter. Could accounting send scans of both,"
    " and of the credit note? The amount in question is {price} EUR.",
    "Reminder: the travel expenses of last month are due on {weekday}. Receipts above 50 EUR need the original. The new"
    " per diem for Germany is {room} EUR.",
    "IT will update the mail server on {weekday} night between 22:00 and {hour}:00. Your mailbox may be unreachable for"
    " up to {count} minutes. No action is needed on your side.",
    "The customer {company} complains about {count} torn big bags in delivery {order}. Photos are attached. Quality has"
    " opened case {room}; logistics will ask the carrier for a statement.",
    "The market report says that LFP demand grew by {percent} % this year while the price of lithium carbonate fell to"
    " {price} per tonne. {company} expects the trend to last until the second half of next year.",
    "Attached are the minutes of {date}. Open points: the frame contract with {company} (legal), the new warehouse"
    " lease (Tom), and the budget for the trade fair in Munich, {price} EUR. Next meeting on {weekday}, {hour}:00.",
    "Welcome to {name2}, who joins sales on {date} and will look after our accounts in Scandinavia. Please drop by room"
    " {room} and say hello. Coffee and cake are in the kitchen at {hour}:00.",
    "The draft NDA with {company} is ready. Clause {week} on the term and clause {count} on the governing law are still"
    " open. Legal would like your comments until {weekday}.",
    "The safety training for the warehouse takes place on {date}. Everybody who drives a fork-lift has to attend."
    " Please bring your safety shoes and the card with your personnel number.",
    "{company} asks for an offer over {count} MWh of storage cells for a project in Spain, delivery in week {week}. Can"
    " we offer with our partner? They want a price and the warranty terms, no samples.",
    "The environmental permit of the new plant was published on {date}; the public can read it in the town hall until"
    " {weekday}. The press office will answer questions. Please forward calls to extension {room}.",
    "The certificate of analysis for lot {order} is attached as usual: moisture, particle size and impurities are"
    " within the agreed limits. Please release the lot in the system and book the truck for {weekday}.",
    "Incoming inspection of lot {order}: moisture {room} ppm, D50 1.{count} um, iron below 30 ppm, packaging intact."
    " Accepted; please post the goods receipt and tell {company} that the next truck may leave on {weekday}.",
    "The kiln supplier {company} sends a fitter on {weekday} to change the bearings of the second line. The line stands"
    " still for {count} hours; sales please mind this for the delivery dates. Spare parts cost {price} EUR.",
    "Could you check why the cooling-water bill of building {count} is {percent} % above last year? Facilities suspects"
    " a leak near the cafeteria. The plumber can come on {weekday}.",
]
BODY_ZH = [
    "与{company}的会议从{weekday}改到{weekday2}{hour}点半,地点仍在{room}会议室,共{count}人参加。不能到会的请中午前告知。",
    "附件是订单{order},电池级碳酸锂{count}吨,单价每吨{price}元,到付上海港,账期30天。请{weekday}前确认。",
    "{container}号集装箱{date}已从宁波港发出,预计第{week}周到港。货代还需要装箱单和原产地证,请尽快补齐。",
    "审计需要上季度{order}和{order2}两张发票的扫描件,涉及金额{price}元,请财务协助提供,谢谢。",
    "提醒:上月差旅费请在{weekday}前报销,单笔超过200元的需附原始票据,住宿标准每晚{room}元。",
    "信息部将于{weekday}晚22点至次日{hour}点升级邮件系统,其间约{count}分钟无法收发邮件,请提前安排工作。",
    "客户{company}反映{order}号货中有{count}个吨袋破损,照片见附件。质量部已登记为{room}号投诉,请物流部联系承运商。",
    "据行业周报,今年磷酸铁锂需求同比增长{percent}%,碳酸锂价格回落至每吨{price}元,{company}预计下半年企稳。",
    "附件为{date}例会纪要。待办:与{company}的框架合同(法务)、仓库续租(行政)、展会预算{price}元(市场)。"
    "下次会议{weekday}{hour}点。",
    "新同事{name2}将于{date}入职销售部,负责华南区客户,工位在{room},请大家多多关照。",
    "与{company}的保密协议初稿已完成,第{week}条期限和第{count}条争议解决尚未谈妥,请{weekday}前反馈意见。",
    "仓库安全培训定于{date}举行,叉车司机务必参加,请穿劳保鞋并携带工牌。",
    "{company}询价{count}兆瓦时储能电芯,项目在西班牙,第{week}周交货,请商务部报价并说明质保条款。",
    "新厂区环评批复已于{date}公示,公示期到{weekday}为止,媒体来电请转{room}分机,由宣传部统一答复。",
    "{order}批次的质检报告见附件,水分、粒度和杂质均在协议范围内,请在系统中放行并预约{weekday}的车辆。",
    "{order}批次来料检验:水分{room}ppm,D50为1.{count}微米,铁含量低于30ppm,包装完好,准予入库,请通知{company}"
    "{weekday}发下一车。",
    "窑炉厂家{company}{weekday}派人更换二线轴承,停线{count}小时,请销售注意交期,备件费用{price}元。",
    "{count}号楼本月水费比去年同期高{percent}%,后勤怀疑食堂附近漏水,维修人员{weekday}上门检查。",
]
WEEKDAYS_EN = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
WEEKDAYS_ZH = ["周一", "周二", "周三", "周四", "周五"]
SUBJECT_EN = ["Meeting", "Order {order}", "Shipment {container}", "Minutes", "Reminder", "Invoice {order}", "Question"]
SUBJECT_ZH = ["会议通知", "订单{order}", "发货{container}", "会议纪要", "提醒", "发票{order}", "咨询"]


def make_mail(number: int) -> bytes:
    """The mail of this number."""
    chance = random.Random(f"office mail {number}")
    chinese = chance.random() < 0.5
    sender, to = chance.sample(NAMES_ZH if chinese else NAMES_EN, 2)
    when = datetime(2026, 3, 2, 8) + timedelta(minutes=chance.randrange(60 * 24 * 200))
    mail = EmailMessage()
    address = f"user{chance.randrange(900)}@own.example"
    mail["From"] = f"{sender} <{address}>"
    mail["To"] = f"{to} <contact{chance.randrange(900)}@buyer.example>"
    subject = _fill(chance.choice(SUBJECT_ZH if chinese else SUBJECT_EN), chance, chinese)
    mail["Subject"] = chance.choice(["", "Re: ", "Fwd: ", "回复: " if chinese else "AW: "]) + subject
    mail["Date"] = format_datetime(when)
    mail["Message-ID"] = f"<office-{number}@own.example>"
    text = _text(chance, chinese, sender, to)
    mail.set_content(text, charset="gb18030" if chinese and chance.random() < 0.25 else "utf-8")
    if chance.random() < 0.6:
        _add_html(mail, text, chance)
    _attach(mail, chance, chinese, when)
    return mail.as_bytes()


def _text(chance: random.Random, chinese: bool, sender: str, to: str) -> str:
    text = _letter(chance, chinese, sender, to)
    for depth in range(1, chance.choice([1, 1, 2, 3, 5])):
        other = chinese if chance.random() < 0.8 else not chinese
        earlier = _letter(chance, other, to, sender)
        head = f"发件人: {to}\n发送时间: 2026年3月{depth}日\n主题: 回复" if chinese else f"On 3 March 2026, {to} wrote:"
        text += f"\n{head}\n" + "\n".join("> " * depth + line for line in earlier.splitlines()) + "\n"
    if chance.random() < 0.5:
        text += (
            "\n本邮件及附件仅供收件人使用,如误收请删除并通知发件人。\n"
            if chinese
            else "\nThis message is for the addressee only. If you are not the addressee, please delete it.\n"
        )
    return text


def _letter(chance: random.Random, chinese: bool, sender: str, to: str) -> str:
    bodies = chance.sample(BODY_ZH if chinese else BODY_EN, chance.choice([1, 1, 2, 3]))
    opening = chance.choice(OPEN_ZH if chinese else OPEN_EN).format(name=to)
    closing = chance.choice(CLOSE_ZH if chinese else CLOSE_EN)
    company = "新源材料有限公司 市场部" if chinese else "Own Materials Co., Sales"
    phone = f"+86 21 {chance.randrange(10**7, 10**8)}"
    body = "\n\n".join(_fill(body, chance, chinese) for body in bodies)
    return f"{opening}\n\n{body}\n\n{closing}\n{sender}\n{company}\nTel {phone}\nwww.own.example\n"


def _fill(text: str, chance: random.Random, chinese: bool) -> str:
    return text.format(
        name2=chance.choice(NAMES_ZH if chinese else NAMES_EN),
        company=chance.choice(COMPANIES_ZH if chinese else COMPANIES_EN),
        weekday=chance.choice(WEEKDAYS_ZH if chinese else WEEKDAYS_EN),
        weekday2=chance.choice(WEEKDAYS_ZH if chinese else WEEKDAYS_EN),
        hour=chance.randrange(8, 18), room=chance.randrange(100, 400), count=chance.randrange(2, 60),
        order=f"PO-{chance.randrange(10**5, 10**6)}", order2=f"PO-{chance.randrange(10**5, 10**6)}",
        price=f"{chance.randrange(5_000, 90_000):,}", container=f"MSKU{chance.randrange(10**6, 10**7)}",
        date=f"{chance.randrange(1, 13)}月{chance.randrange(1, 29)}日" if chinese else f"{chance.randrange(1, 29)} May",
        week=chance.randrange(2, 50), percent=chance.randrange(2, 40),
    )  # fmt: skip


def _add_html(mail: EmailMessage, text: str, chance: random.Random) -> None:
    rows = "".join(f"<p>{line}</p>" for line in text.replace("<", "&lt;").splitlines() if line)
    mail.add_alternative(f'<html><body>{rows}<img src="cid:logo" alt="logo"></body></html>', subtype="html")
    html = mail.get_payload()[-1]
    html.add_related(picture(f"logo{chance.randrange(6)}"), "image", "png", cid="<logo>", filename="logo.png")


def _attach(mail: EmailMessage, chance: random.Random, chinese: bool, when: datetime) -> None:
    kind = chance.random()
    if kind < 0.12:
        stamp = when.strftime("%Y%m%dT%H%M%S")
        lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "METHOD:REQUEST", "BEGIN:VEVENT", f"UID:{chance.random()}@own.example",
            f"DTSTART:{stamp}Z", "SUMMARY:" + ("周例会" if chinese else "Weekly meeting"), "LOCATION:Room 214",
            "END:VEVENT", "END:VCALENDAR",
        ]  # fmt: skip
        mail.add_attachment("\r\n".join(lines) + "\r\n", subtype="calendar", filename="invite.ics")
    elif kind < 0.22:
        mail.add_attachment(picture(f"signature{chance.randrange(4)}"), "image", "png", filename="signature.png")
    elif kind < 0.30:
        mail.add_attachment(picture(f"photo{chance.randrange(6)}"), "image", "jpeg", filename="IMG_2041.jpg")
    elif kind < 0.42:
        word = ["application", "vnd.openxmlformats-officedocument.wordprocessingml.document"]
        name = "会议纪要.docx" if chinese else "minutes.docx"
        mail.add_attachment(word_file(chance.randrange(20), chinese), *word, filename=name)
    elif kind < 0.52:
        rows = [
            f"PO-{chance.randrange(10**6)},{chance.randrange(50)} t,{chance.randrange(9_000)} EUR" for _ in range(12)
        ]
        mail.add_attachment("order,quantity,amount\r\n" + "\r\n".join(rows), subtype="csv", filename="orders.csv")
    elif kind < 0.62:
        mail.add_attachment(pdf_file(chance.randrange(20)), "application", "pdf", filename="invoice.pdf")
    elif kind < 0.66:
        inner = EmailMessage()
        inner["From"], inner["Subject"] = "forwarder@meridian.example", "Arrival notice"
        inner.set_content(_fill(BODY_EN[2], chance, False))
        mail.add_attachment(inner)
    elif kind < 0.66 + SCANS:
        mail.add_attachment(picture(f"letter{chance.randrange(8)}"), "image", "jpeg", filename="scan0001.jpg")


@cache
def picture(name: str, *, quality: int = 85) -> bytes:
    """A drawn logo, a scanned signature (a pen's curve on paper), a scanned letter, or a photograph (smooth shapes)."""
    from PIL import Image, ImageDraw, ImageFilter, ImageFont

    chance = random.Random(name)
    out = io.BytesIO()
    if name.startswith("logo"):
        image = Image.new("RGB", (220, 64), "white")
        draw = ImageDraw.Draw(image)
        draw.ellipse((6, 6, 58, 58), fill=tuple(chance.randrange(200) for _ in range(3)))
        draw.text((70, 24), "OWN MATERIALS", fill="black")
        image.save(out, "PNG")
    elif name.startswith("signature"):
        image = Image.new("L", (420, 140), 244)
        draw = ImageDraw.Draw(image)
        points = [(20 + step * 6, 70 + chance.gauss(0, 24)) for step in range(62)]
        draw.line(points, fill=40, width=3, joint="curve")
        image.filter(ImageFilter.GaussianBlur(0.8)).save(out, "PNG")
    elif name.startswith("letter"):
        image = Image.new("L", (1240, 1754), 250)
        draw = ImageDraw.Draw(image)
        font = ImageFont.load_default(28)
        words = _fill(" ".join(chance.sample(BODY_EN, 5)), chance, False).split()
        for line in range(0, len(words), 9):
            draw.text((110, 160 + 46 * (line // 9)), " ".join(words[line : line + 9]), fill=20, font=font)
        image.rotate(0.4, fillcolor=250).save(out, "JPEG", quality=70)
    else:
        small = Image.new("RGB", (32, 24))
        small.putdata([tuple(chance.randrange(256) for _ in range(3)) for _ in range(32 * 24)])
        image = small.resize((1280, 960), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(6))
        image.save(out, "JPEG", quality=quality)
    return out.getvalue()


@cache
def word_file(number: int, chinese: bool) -> bytes:
    """Minutes as a Word file, with a table."""
    from docx import Document

    chance = random.Random(f"word {number} {chinese}")
    document = Document()
    document.add_heading("会议纪要" if chinese else "Minutes", 1)
    for body in chance.sample(BODY_ZH if chinese else BODY_EN, 4):
        document.add_paragraph(_fill(body, chance, chinese))
    table = document.add_table(rows=3, cols=3)
    for row in table.rows:
        for cell in row.cells:
            cell.text = chance.choice(WEEKDAYS_ZH + NAMES_ZH if chinese else WEEKDAYS_EN + NAMES_EN)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@cache
def pdf_file(number: int) -> bytes:
    """An invoice of one page."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    chance = random.Random(f"pdf {number}")
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    canvas.drawString(60, 790, f"Invoice PO-{chance.randrange(10**6)}")
    for line in range(14):
        amount = chance.randrange(90_000)
        canvas.drawString(60, 750 - 18 * line, f"{line + 1}  Lithium carbonate, battery grade, {line} t  {amount} EUR")
    canvas.save()
    return out.getvalue()
