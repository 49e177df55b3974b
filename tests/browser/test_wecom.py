"""WeCom on the chat page, in real Chromium: the switch between the platforms, a card, a vote, 微工作台, a group."""

from playwright.async_api import Page, expect

from sandbox import Sandbox
from tests.sandbox.people import LEADER, LEADER_USERID, TEACHER, USERID
from tests.sandbox.wecom_caller import App, CallbackServer
from tests.sandbox.wecom_cards import buttons, vote


async def test_a_teacher_is_switched_to_wecom_presses_and_ticks(
    sandbox: Sandbox, app: App, callbacks: CallbackServer, phone: Page
) -> None:
    sandbox.write(TEACHER, TEACHER, "/start")
    sent = await app.ok("message/send", app.message(USERID, "template_card", **buttons("one")))
    await app.ok("message/send", app.message(USERID, "template_card", **vote("two")))
    await phone.goto(sandbox.page_url)
    await phone.get_by_test_id(f"chat-{TEACHER}").click()
    await expect(phone.get_by_test_id("on-telegram")).to_have_attribute("aria-pressed", "true")
    await expect(phone.get_by_test_id("on-wecom")).to_contain_text("2")

    await phone.get_by_test_id("on-wecom").click()
    await expect(phone.get_by_test_id("card")).to_have_count(2)
    await phone.get_by_test_id("btn").filter(has_text="按钮2").click()
    await callbacks.until(1)
    update = {"userids": [USERID], "agentid": sandbox.wecom.agent_id, "response_code": sent["response_code"]}
    await app.ok("message/update_template_card", {**update, "button": {"replace_name": "已报"}})
    await expect(phone.get_by_test_id("done")).to_have_text("已报")

    for label in ("1号", "3号"):
        await phone.get_by_test_id("option").filter(has_text=label).click()
    await phone.get_by_test_id("submit").click()
    await callbacks.until(2)
    assert callbacks.came[0]["EventKey"] == "key:2"
    [chosen] = callbacks.came[1]["SelectedItems"]["SelectedItem"]
    assert chosen["OptionIds"] == {"OptionId": ["o1", "o3"]}

    await phone.reload()
    await expect(phone.get_by_test_id("on-wecom")).to_have_attribute("aria-pressed", "true")
    assert await phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


async def test_micro_workbench_menu_and_group(
    sandbox: Sandbox, app: App, callbacks: CallbackServer, phone: Page
) -> None:
    below = [{"type": "click", "name": "今日", "key": "/today"}]
    await app.ok("menu/create", {"button": [{"name": "查看", "sub_button": below}]}, agentid=sandbox.wecom.agent_id)
    await app.ok("message/send", app.message(USERID, "template_card", **buttons()))
    made = await app.ok("appchat/create", {"name": "领导小组", "userlist": [LEADER_USERID, USERID]})
    await app.ok("appchat/send", {"chatid": made["chatid"], "msgtype": "text", "text": {"content": "早报"}})
    await phone.goto(sandbox.page_url)
    await phone.get_by_test_id(f"chat-{TEACHER}").click()
    await expect(phone.get_by_test_id("card")).to_be_visible()
    await phone.get_by_test_id("app-menu").get_by_text("查看").click()
    await phone.get_by_test_id("app-menu-/today").click()
    await callbacks.until(1)
    assert callbacks.came[0]["EventKey"] == "/today"

    await phone.get_by_test_id("chat-menu").click()
    await phone.get_by_test_id("menu-plain").click()
    await expect(phone.get_by_test_id("card")).to_be_hidden()
    await phone.get_by_test_id("back").click()
    await phone.locator(".person").filter(has_text="领导小组").click()
    await expect(phone.locator(".message.theirs").last).to_contain_text("早报")
    await expect(phone.get_by_test_id("composer")).to_be_hidden()
    assert sandbox.wecom.groups[0].owner == LEADER
