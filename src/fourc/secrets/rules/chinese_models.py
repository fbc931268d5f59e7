"""Keys of Chinese language models and the services around them."""

from fourc.secrets.rows import ALNUM, HEX, UUID, WORD, assigned, token
from fourc.secrets.rule import Kind

_MODEL = rf"(?:sk|ak|pk)-{WORD}{{20,64}}"

RULES = (
    assigned(
        "dashscope-api-key",
        "Alibaba Cloud DashScope",
        Kind.API_KEY,
        r"(?:dash_?scope|qwen|bailian|tongyi|通义|百炼)",
        _MODEL,
        3.3,
    ),
    assigned("siliconflow-api-key", "SiliconFlow", Kind.API_KEY, r"(?:silicon_?flow|硅基)", r"sk-[a-z]{48}", 3.3),
    token("zhipu-api-key", "Zhipu AI", Kind.API_KEY, rf"[0-9a-f]{{32}}\.{ALNUM}{{16}}", ".", entropy=4.0),
    assigned("moonshot-api-key", "Moonshot AI", Kind.API_KEY, "(?:moonshot|kimi|月之暗面)", _MODEL, 3.5),
    assigned("minimax-jwt", "MiniMax", Kind.API_KEY, "minimax", r"ey[\w-]{20,}\.[\w-]{40,}\.[\w-]{80,}", 4.0),
    assigned("baichuan-api-key", "Baichuan", Kind.API_KEY, "(?:baichuan|百川)", rf"sk-{HEX}{{32}}", 3.3),
    assigned("lingyi-api-key", "01.AI", Kind.API_KEY, r"(?:lingyi|01_?ai|yi_api|零一)", rf"{HEX}{{32}}", 3.3),
    assigned("stepfun-api-key", "StepFun", Kind.API_KEY, r"(?:stepfun|step_api|阶跃)", rf"{ALNUM}{{48,72}}", 3.8),
    assigned(
        "iflytek-secret",
        "iFLYTEK",
        Kind.CLIENT_SECRET,
        r"(?:iflytek|xunfei|xfyun|spark|讯飞|星火)[\w.\- ]{0,16}?(?:secret|key|password)",
        rf"{HEX}{{32}}|[0-9A-Za-z]{{32}}|[A-Za-z]{{20}}:[A-Za-z]{{20}}",
        3.3,
    ),
    assigned("hunyuan-api-key", "Tencent Hunyuan", Kind.API_KEY, "(?:hunyuan|混元)", rf"sk-{ALNUM}{{48}}", 3.5),
    assigned(
        "ark-api-key",
        "Volcengine Ark",
        Kind.API_KEY,
        r"(?:\bark|volc|doubao|豆包|方舟)[\w.\- ]{0,20}?key",
        UUID,
        3.0,
    ),
    token("modelscope-token", "ModelScope", Kind.ACCESS_TOKEN, rf"ms-{UUID}", "ms-"),
    assigned("modelscope-sdk-token", "ModelScope", Kind.ACCESS_TOKEN, r"(?:modelscope|魔搭)", UUID, 3.0),
    token("coze-token", "Coze", Kind.ACCESS_TOKEN, rf"pat_{ALNUM}{{64}}", "pat_", entropy=4.0),
    token(
        "dify-key",
        "Dify",
        Kind.API_KEY,
        rf"(?:app|dataset)-{ALNUM}{{24}}",
        "app-",
        "dataset-",
        entropy=4.0,
        genuine=lambda value: any(c.isdigit() for c in value),
    ),
    token("fastgpt-key", "FastGPT", Kind.API_KEY, rf"fastgpt-{ALNUM}{{30,64}}", "fastgpt-"),
    assigned("ppio-key", "PPIO", Kind.API_KEY, "(?:ppio|ppinfra)", rf"sk_{WORD}{{40,50}}", 3.5),
)
