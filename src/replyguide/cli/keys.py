"""`replyguide keys`: the keys of shops and people."""

from __future__ import annotations

from typing import Annotated

import typer

from replyguide.cli.options import DataDir, Json, ShopId
from replyguide.cli.output import complain, print_json, say
from replyguide.cli.session import Session
from replyguide.errors import UsageError

app = typer.Typer(help="服务器的密钥：新建、列出、停用。", no_args_is_help=True)


@app.command("create", help="新建一个密钥；密钥只显示这一次。")
def create(
    role: Annotated[str, typer.Option("--role", help="agent 客服、supervisor 主管、admin 管理员。")] = "agent",
    label: Annotated[str, typer.Option("--label", help="给人看的备注，如姓名或机器人的名字。")] = "",
    as_json: Json = False,
    shop_id: ShopId = None,
    data_dir: DataDir = None,
) -> int:
    """Create a key and print it, once."""
    from replyguide.access import ROLES, KeyStore
    from replyguide.database import open_database

    chosen = next((known for known in ROLES if known == role), None)
    if chosen is None:
        raise UsageError(f"没有 {role} 这个角色，可用的有 {'、'.join(ROLES)}")
    settings = Session(shop_id=shop_id, data_dir=data_dir).settings
    key_id, key = KeyStore(open_database(settings)).create(settings.shop_id, chosen, label[:100])
    if as_json:
        print_json({"id": key_id, "key": key, "shop_id": settings.shop_id, "role": chosen, "label": label[:100]})
    else:
        say(key)
        complain(f"编号 {key_id} · 店铺 {settings.shop_id} · {chosen}。请现在就保存，以后看不到了")
    return 0


@app.command("list", help="列出全部密钥，不含密钥本身。")
def list_keys(as_json: Json = False, data_dir: DataDir = None) -> int:
    """List every key there ever was."""
    from replyguide.access import KeyStore
    from replyguide.database import open_database

    keys = KeyStore(open_database(Session(data_dir=data_dir).settings)).all()
    if as_json:
        told = [
            {
                "id": key.identity.key_id,
                "shop_id": key.identity.shop_id,
                "role": key.identity.role,
                "label": key.label,
                "created_at": f"{key.created_at.isoformat(timespec='seconds')}Z",
                "revoked_at": None if key.revoked_at is None else f"{key.revoked_at.isoformat(timespec='seconds')}Z",
            }
            for key in keys
        ]
        print_json({"keys": told})
        return 0
    for key in keys:
        state = "有效" if key.revoked_at is None else f"已停用（{key.revoked_at:%Y-%m-%d}）"
        say(f"{key.identity.key_id}  {key.identity.shop_id}  {key.identity.role}  {state}  {key.label}")
    say(f"共 {len(keys)} 个密钥")
    return 0


@app.command("revoke", help="停用一个密钥，几秒内生效。")
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="密钥的编号，见 keys list。")], data_dir: DataDir = None
) -> int:
    """Revoke a key."""
    from replyguide.access import KeyStore
    from replyguide.database import open_database

    KeyStore(open_database(Session(data_dir=data_dir).settings)).revoke(key_id)
    say(f"密钥 {key_id} 已停用")
    return 0
