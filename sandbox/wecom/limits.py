"""WeCom's limits, as its documents give them: developer.work.weixin.qq.com/document/path/ 90236 (messages), 90253
(media), 90245 (groups), 91770 (group robots), 90231 (menu), 90312 (rates), 90238 (callbacks). Sizes are in bytes
unless they say characters."""

from datetime import timedelta

from sandbox.limits import Window

TEXT = 2048
MARKDOWN = 2048
ROBOT_MARKDOWN = 4096
RECEIVERS = 1000
PARTIES = 100
TOKEN_LIFE = timedelta(seconds=7200)
RECALLABLE = timedelta(hours=24)
MEDIA_LIFE = timedelta(days=3)
CODE_LIFE = timedelta(hours=72)
DUPLICATE_INTERVAL = 1800  # seconds
LONGEST_DUPLICATE_INTERVAL = 4 * 3600  # seconds

TEXTCARD_TITLE = 128  # characters
TEXTCARD_DESCRIPTION = 512  # characters
TASK_ID = 128
KEY = 1024
BUTTONS = 6
SELECTION = 10
OPTIONS = 20
SELECTORS = 3
FACTS = 6
JUMPS = 3

# second-hand: what a phone shows of a card, in characters; the rest it cuts off
TITLE = 26
DESCRIPTION = 30
SUB_TITLE = 112
BUTTON = 10
FACT_NAME = 5
FACT_VALUE = 26

MEMBER_MINUTE = Window(30, 60)
MEMBER_HOUR = Window(1000, 3600)
ACCOUNT_DAY = 200  # person-times an account and day, over all of an app's receivers
GROUP_MEMBER_MINUTE = Window(200, 60)
GROUP_MINUTE = Window(20_000, 60)  # person-times
ROBOT_MINUTE = Window(20, 60)
API_MINUTE = Window(10_000, 60)
API_HOUR = Window(150_000, 3600)
IP_MINUTE = Window(20_000, 60)

SMALLEST_FILE = 5
MEDIA = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "file": 20 << 20}
ROBOT_IMAGE = 2 << 20

GROUP_MEMBERS = (2, 2000)
GROUPS_A_DAY = 1000

MENU = 3
SUB_MENU = 5
MENU_NAME = 16
SUB_MENU_NAME = 40
MENU_KEY = 128

PATIENCE = 5.0  # real seconds that a callback waits for its answer
VERIFY_PATIENCE = 1.0  # real seconds
TRIES = 3
