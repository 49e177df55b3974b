"""The check-in as python-telegram-bot's own documentation teaches it: Application, ConversationHandler, aiosqlite."""

import sys

import aiosqlite
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)

CLASS, STATUS, SEAT, TEMPERATURE, SYMPTOMS = range(5)
Context = ContextTypes.DEFAULT_TYPE


def keyboard(*rows):
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=data)] for text, data in rows])


def symptoms(chosen):
    return keyboard(("✓ 咳嗽" if "cough" in chosen else "咳嗽", "cough"), ("完成", "done"))


async def checkin(update: Update, context: Context) -> int:
    await update.message.reply_text("请选择班级", reply_markup=keyboard(("三(1)班", "class:1")))
    return CLASS


async def klass(update: Update, context: Context) -> int:
    query = update.callback_query
    await query.answer()
    context.user_data.update(klass=query.data, seat=None, temperature=None, symptoms=set())
    await query.edit_message_text("三(1)班今天怎么样？", reply_markup=keyboard(("全员正常", "well"), ("有异常", "ill")))
    return STATUS


async def well(update: Update, context: Context) -> int:
    await update.callback_query.answer("已报")
    await save(update, context)
    await update.callback_query.edit_message_text("✅ 已报：全员正常")
    return ConversationHandler.END


async def ill(update: Update, context: Context) -> int:
    await update.callback_query.answer()
    await update.callback_query.edit_message_text("几号学生？")
    return SEAT


async def seat(update: Update, context: Context) -> int:
    context.user_data["seat"] = int(update.message.text)
    await update.message.reply_text("体温多少？")
    return TEMPERATURE


async def temperature(update: Update, context: Context) -> int:
    context.user_data["temperature"] = float(update.message.text)
    await update.message.reply_text("还有什么症状？", reply_markup=symptoms(set()))
    return SYMPTOMS


async def symptom(update: Update, context: Context) -> int:
    query = update.callback_query
    await query.answer()
    context.user_data["symptoms"] ^= {query.data}
    await query.edit_message_text("还有什么症状？", reply_markup=symptoms(context.user_data["symptoms"]))
    return SYMPTOMS


async def done(update: Update, context: Context) -> int:
    await update.callback_query.answer("已报")
    await save(update, context)
    await update.callback_query.edit_message_text("✅ 已报：1人异常")
    return ConversationHandler.END


async def cancel(update: Update, context: Context) -> int:
    await update.message.reply_text("已取消")
    return ConversationHandler.END


async def save(update: Update, context: Context) -> None:
    said = context.user_data
    db = context.bot_data["db"]
    await db.execute(
        "INSERT INTO report (person, class, seat, temperature, symptoms) VALUES (?, ?, ?, ?, ?)",
        (
            update.effective_user.id,
            said["klass"],
            said["seat"],
            said["temperature"],
            ",".join(sorted(said["symptoms"])),
        ),
    )
    await db.commit()


async def open_database(application: Application) -> None:
    db = await aiosqlite.connect(sys.argv[2])
    await db.execute("PRAGMA journal_mode = WAL")
    await db.execute("PRAGMA synchronous = FULL")
    await db.execute(
        "CREATE TABLE IF NOT EXISTS report (id INTEGER PRIMARY KEY, person INTEGER, class TEXT, seat INTEGER,"
        " temperature REAL, symptoms TEXT)"
    )
    await db.commit()
    application.bot_data["db"] = db


async def close_database(application: Application) -> None:
    await application.bot_data["db"].close()


def main() -> None:
    application = (
        Application.builder()
        .token("1:bench")
        .base_url(sys.argv[1])
        .post_init(open_database)
        .post_shutdown(close_database)
        .build()
    )
    application.add_handler(
        ConversationHandler(
            entry_points=[CommandHandler("checkin", checkin)],
            states={
                CLASS: [CallbackQueryHandler(klass, pattern="^class:")],
                STATUS: [CallbackQueryHandler(well, pattern="^well$"), CallbackQueryHandler(ill, pattern="^ill$")],
                SEAT: [MessageHandler(filters.Regex(r"^\d+$"), seat)],
                TEMPERATURE: [MessageHandler(filters.Regex(r"^\d+\.\d$"), temperature)],
                SYMPTOMS: [CallbackQueryHandler(done, pattern="^done$"), CallbackQueryHandler(symptom)],
            },
            fallbacks=[CommandHandler("cancel", cancel)],
        )
    )
    application.run_polling(allowed_updates=Update.ALL_TYPES)


if __name__ == "__main__":
    main()
