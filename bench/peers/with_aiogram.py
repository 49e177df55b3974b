"""The check-in as aiogram's own documentation teaches it: Dispatcher, FSM, aiosqlite."""

import asyncio
import sys

import aiosqlite
from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

router = Router()


class CheckIn(StatesGroup):
    klass = State()
    status = State()
    seat = State()
    temperature = State()
    symptoms = State()


def keyboard(*rows):
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=text, callback_data=data)] for text, data in rows]
    )


def symptoms(chosen):
    return keyboard(("✓ 咳嗽" if "cough" in chosen else "咳嗽", "cough"), ("完成", "done"))


@router.message(Command("checkin"))
async def checkin(message: Message, state: FSMContext) -> None:
    await state.set_state(CheckIn.klass)
    await message.answer("请选择班级", reply_markup=keyboard(("三(1)班", "class:1")))


@router.callback_query(CheckIn.klass)
async def klass(query: CallbackQuery, state: FSMContext) -> None:
    await query.answer()
    await state.update_data(klass=query.data, seat=None, temperature=None, symptoms=[])
    await state.set_state(CheckIn.status)
    await query.message.edit_text("三(1)班今天怎么样？", reply_markup=keyboard(("全员正常", "well"), ("有异常", "ill")))


@router.callback_query(CheckIn.status, F.data == "well")
async def well(query: CallbackQuery, state: FSMContext, db: aiosqlite.Connection) -> None:
    await query.answer("已报")
    await save(query, state, db)
    await query.message.edit_text("✅ 已报：全员正常")


@router.callback_query(CheckIn.status, F.data == "ill")
async def ill(query: CallbackQuery, state: FSMContext) -> None:
    await query.answer()
    await state.set_state(CheckIn.seat)
    await query.message.edit_text("几号学生？")


@router.message(CheckIn.seat, F.text.regexp(r"^\d+$"))
async def seat(message: Message, state: FSMContext) -> None:
    await state.update_data(seat=int(message.text))
    await state.set_state(CheckIn.temperature)
    await message.answer("体温多少？")


@router.message(CheckIn.temperature, F.text.regexp(r"^\d+\.\d$"))
async def temperature(message: Message, state: FSMContext) -> None:
    await state.update_data(temperature=float(message.text))
    await state.set_state(CheckIn.symptoms)
    await message.answer("还有什么症状？", reply_markup=symptoms([]))


@router.callback_query(CheckIn.symptoms, F.data == "done")
async def done(query: CallbackQuery, state: FSMContext, db: aiosqlite.Connection) -> None:
    await query.answer("已报")
    await save(query, state, db)
    await query.message.edit_text("✅ 已报：1人异常")


@router.callback_query(CheckIn.symptoms)
async def symptom(query: CallbackQuery, state: FSMContext) -> None:
    await query.answer()
    chosen = sorted(set((await state.get_data())["symptoms"]) ^ {query.data})
    await state.update_data(symptoms=chosen)
    await query.message.edit_text("还有什么症状？", reply_markup=symptoms(chosen))


async def save(query: CallbackQuery, state: FSMContext, db: aiosqlite.Connection) -> None:
    said = await state.get_data()
    await db.execute(
        "INSERT INTO report (person, class, seat, temperature, symptoms) VALUES (?, ?, ?, ?, ?)",
        (query.from_user.id, said["klass"], said["seat"], said["temperature"], ",".join(said["symptoms"])),
    )
    await db.commit()
    await state.clear()


async def main() -> None:
    async with aiosqlite.connect(sys.argv[2]) as db:
        await db.execute("PRAGMA journal_mode = WAL")
        await db.execute("PRAGMA synchronous = FULL")
        await db.execute(
            "CREATE TABLE IF NOT EXISTS report (id INTEGER PRIMARY KEY, person INTEGER, class TEXT, seat INTEGER,"
            " temperature REAL, symptoms TEXT)"
        )
        await db.commit()
        server = TelegramAPIServer.from_base(sys.argv[1].removesuffix("/bot"))
        bot = Bot("1:bench", session=AiohttpSession(api=server))
        dispatcher = Dispatcher(db=db)
        dispatcher.include_router(router)
        await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main())
