"""What is wrong with the office's file, and where: for people who will correct it in Excel."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct


class Trouble(StrEnum):
    """Each kind of fault with its sentence. No sentence shows what stood in the cell; a name may be shown."""

    def __new__(cls, kind: str, sentence: str) -> "Trouble":
        member = str.__new__(cls, kind)
        member._value_ = kind
        member.sentence = sentence
        return member

    sentence: str

    # a file as a whole
    UNREADABLE = "unreadable", "文件打不开或不存在，请检查文件名，并确认文件没有被别的程序占用"
    OLD_EXCEL = "old_excel", "这是旧格式的 .xls 文件，请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入"
    WPS = "wps", "这是 WPS 自有的 .et 文件，请用 WPS 打开，另存为 .xlsx 后再导入"
    PASSWORD = "password", "文件设了打开密码，请先取消密码（文件→信息→保护工作簿），保存后再导入"
    WEB_PAGE = "web_page", "这其实是网页或 XML，只是叫作表格，请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入"
    PDF = "pdf", "这是 PDF，读不了，请找出它原来的表格，用 Excel 或 WPS 另存为 .xlsx 后再导入"
    EMPTY_FILE = "empty_file", "文件是空的，请重新存一次，打开看过有内容后再导入"
    NOT_A_TABLE = "not_a_table", "这不是能识别的表格，请把内容放进 Excel 或 WPS 表格，存为 .xlsx 后再导入"
    DAMAGED = "damaged", "文件已损坏，请用 Excel 或 WPS 打开，另存为新的 .xlsx 后再导入"
    ENCODING = "encoding", "文字编码无法识别，请在 Excel 或 WPS 里另存为“CSV UTF-8”后再导入"
    NO_TABLE = "no_table", "没有找到“{name}”表：教职工和学生两张表要一起导入，工作表名称请写成“{name}”"
    WHICH_TABLE = "which_table", "看不出是教职工表还是学生表：教职工表要有“职务”列，学生表要有“座号”列"
    NO_SHEET = "no_sheet", "没有找到工作表“{name}”：请用本程序写出的工作簿，不要改工作表的名称"
    # a table as a whole
    NO_HEADER = "no_header", "前{rows}行里没有找到表头，表头至少要有“学校”和“姓名”"
    NO_COLUMN = "no_column", "缺少这一列，它是必填的"
    TWO_COLUMNS = "two_columns", "有两列都是“{name}”（第{first}列和第{second}列），请只留一列"
    NO_ROWS = "no_rows", "表头下面没有任何内容"
    # a cell
    EMPTY = "empty", "没有填写"
    SCHOOL_SPELLING = "school_spelling", "学校名称与“{name}”只差空格或全半角，请写成完全一样"
    NAME = "name", "姓名里有数字、括号、乱码或不认识的字，请只写姓名"
    DUTY = "duty", "有不认识的职务；可用：{known}。不用本系统的人不必列入"
    CLASS = "class", "读不出是哪个班，请写成 三(2)班 的样子，几个班用顿号隔开"
    CLASS_DATE = "class_date", "班级被 Excel 变成了日期，请把这一列设为“文本”，重新写成 三(2)班"
    CLASS_YEAR = "class_year", "班级按入学或毕业年份写，看不出现在是几年级，请写成现在的班级，如 三(2)班"
    CLASS_LETTER = "class_letter", "班级要用数字编号，A班、甲班请写成 三(1)班 的样子"
    CLASS_NUMBER = "class_number", "只写了年级，没有写几班；只有一个班的，请写成 三(1)班、中(1)班 的样子"
    CLASS_GRADE = "class_grade", "班级与“年级”列对不上"
    NO_SUCH_CLASS = "no_such_class", "学生表里没有这所学校{name}的学生：请核对班级，或在学生表里补上这个班"
    CLASS_NEEDED = "class_needed", "职务是班主任，但没有填班级"
    CLASS_WITHOUT_DUTY = "class_without_duty", "填了班级，但职务里没有班主任或任课教师"
    SEAT = "seat", "座号要是1到99的整数"
    STATUS = "status", "不认识的状态；可用：{known}"
    SEX = "sex", "性别请写 男 或 女"
    DORM = "dorm", "宿舍请写房间号（20个字以内）；不住校的写 走读，或空着"
    NUMBER = "number", "编号只能用字母、数字和短横线，最多20个"
    IDENTITY = "identity", "这像是身份证号或学籍号，本系统不收，请删去或换成学校自己的编号"
    CONSENT_DAY = "consent_day", "同意日期请写成 2026-09-01 的样子，没有签的空着"
    CONSENT_VERSION = "consent_version", "同意书版本最多20个字；填了版本的，也要填同意日期"
    TITLE = "title", "称呼最多20个字"
    PHONE = "phone", "电话只能用数字、+、-和空格"
    # one row against another
    SEAT_TWICE = "seat_twice", "同班的座号重复，{other}也是这个座号"
    NUMBER_TWICE = "number_twice", "编号重复，{other}也是这个编号"
    PERSON_TWICE = (
        "person_twice",
        "“{name}”与{other}重复：是同一人请合成一行（职务、班级用顿号隔开），是两个人请都填“{number}”",
    )
    PERSON_ELSEWHERE = "person_elsewhere", "“{name}”与{other}姓名、编号都相同，却在两个学校，请只列在一处"
    ACCOUNT_TWICE = "account_twice", "账号重复，{other}也是这个账号"
    TWO_ACCOUNTS = "two_accounts", "{other}也填了{name}：一个人只能绑定一个账号，请只留一个"
    # against what is known
    NO_ACCOUNT = "no_account", "通讯录里没有这个账号，或已停用：请重新生成核对表；不处理的请清空「工号」"
    NOT_THEIRS = "not_theirs", "这个账号已不在通讯录里，绑定的是{name}：停用请照原样填，不停用请清空"
    NO_NUMBER = "no_number", "花名册里没有这个工号：请照“花名册”表里的填，一格只填一个"
    WHICH_SCHOOL = "which_school", "几所学校都有这个工号，请在「学校」里写明是哪一所：{known}"


class Fault(Struct, frozen=True):
    """One thing to correct. `row` counts as Excel does; it and `column` are None for a file or a table as a whole."""

    sheet: str
    row: int | None
    column: str | None
    kind: Trouble
    reason: str

    def __str__(self) -> str:
        row = "" if self.row is None else f" 第{self.row}行"
        column = "" if self.column is None else f"「{self.column}」"
        return f"{self.sheet}{row}{column}：{self.reason}"


def fault(kind: Trouble, sheet: str, row: int | None = None, column: str | None = None, **values: object) -> Fault:
    """A fault with its sentence filled in."""
    return Fault(sheet, row, column, kind, kind.sentence.format(**values))


class RosterFaults(Exception):
    """The office's file cannot be used; every fault that was found is named, and nothing of it was."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)
