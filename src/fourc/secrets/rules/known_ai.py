"""Language models, speech, images and the services around them."""

from fourc.secrets.rows import ALNUM, UUID, WORD, assigned, betterleaks, gitleaks, numbered, token, whole
from fourc.secrets.rule import Kind

RULES = (
    *gitleaks(
        token("anthropic-api-key", "Anthropic", Kind.API_KEY, rf"sk-ant-api03-{WORD}{{93}}AA"),
        token("anthropic-admin-api-key", "Anthropic admin", Kind.API_KEY, rf"sk-ant-admin01-{WORD}{{93}}AA"),
        token(
            "openai-api-key",
            "OpenAI",
            Kind.API_KEY,
            rf"sk-{ALNUM}{{20}}T3BlbkFJ{ALNUM}{{20}}|sk-(?:proj|svcacct|admin)-(?:{WORD}{{58}}|{WORD}{{74}})T3BlbkFJ(?:{WORD}{{74}}|{WORD}{{58}})",
            "t3blbkfj",
            entropy=3.0,
        ),
        assigned(
            "cohere-api-token", "Cohere", Kind.API_KEY, ("cohere", r"\bCO_API_KEY"), rf"{ALNUM}{{40}}", entropy=3.5
        ),
        token("huggingface-access-token", "Hugging Face", Kind.ACCESS_TOKEN, r"hf_[A-Za-z]{34}"),
        token(
            "huggingface-organization-api-token",
            "Hugging Face organization",
            Kind.ACCESS_TOKEN,
            r"api_org_[A-Za-z]{34}",
        ),
        token("perplexity-api-key", "Perplexity", Kind.API_KEY, rf"pplx-{ALNUM}{{48}}", entropy=3.5),
        assigned(
            "privateai-api-token", "Private AI", Kind.ACCESS_TOKEN, r"private[ _.-]?ai", rf"{ALNUM}{{32}}", entropy=3.0
        ),
    ),
    *betterleaks(
        assigned(
            "assemblyai-api-key", "AssemblyAI", Kind.API_KEY, r"assembly[ _.-]?ai", rf"{ALNUM}{{32}}", entropy=3.0
        ),
        token("brave-search-api-key", "Brave Search", Kind.API_KEY, rf"BSA{WORD}{{24,30}}", entropy=3.5),
        token("cerebras-api-key", "Cerebras", Kind.API_KEY, r"csk-[0-9a-z]{48}", entropy=3.0),
        token("cursor-api-key", "Cursor", Kind.API_KEY, r"(?:key|crsr)_[0-9a-f]{64}", *("key_", "crsr_")),
        assigned(
            "deepgram-api-key", "Deepgram", Kind.API_KEY, ("deepgram", r"\bdg_api_key"), r"[0-9a-f]{40}", entropy=3.0
        ),
        assigned("deepseek-api-key", "DeepSeek", Kind.API_KEY, r"deep[ _.-]?seek", r"sk-[0-9a-f]{32}", entropy=3.0),
        token(
            "devin-personal-api-key",
            "Devin personal",
            Kind.API_KEY,
            r"apk_user_[A-Za-z0-9+/]{60,200}={0,2}",
            entropy=3.0,
        ),
        token("devin-service-api-key", "Devin service", Kind.API_KEY, r"apk_[A-Za-z0-9+/]{60,200}={0,2}", entropy=3.0),
        token("devin-service-user-token", "Devin service user", Kind.ACCESS_TOKEN, r"cog_[0-9a-z]{52}", entropy=3.0),
        token("elevenlabs-api-key", "ElevenLabs", Kind.API_KEY, r"sk_[0-9a-f]{48}", entropy=3.0),
        assigned("greptile-api-key", "Greptile", Kind.API_KEY, "greptile", r"[A-Za-z0-9+/]{48}", entropy=3.5),
        token("groq-api-key", "Groq", Kind.API_KEY, rf"gsk_{ALNUM}{{52}}", entropy=3.0),
        assigned(
            "kimi-api-key", "Moonshot AI (Kimi)", Kind.API_KEY, ("kimi", "moonshot"), rf"sk-{WORD}{{48}}", entropy=3.5
        ),
        token(
            "langchain-langsmith-personal-access-token",
            "LangSmith",
            Kind.ACCESS_TOKEN,
            r"lsv2_(?:pt|sk)_[0-9a-fA-F]{32}_[0-9a-fA-F]{10}",
            entropy=3.0,
        ),
        assigned(
            "lighton-paradigm-api-key",
            "LightOn Paradigm",
            Kind.API_KEY,
            ("lighton", "paradigm"),
            rf"{WORD}{{48}}",
            entropy=3.5,
        ),
        token("minimax-api-key", "MiniMax", Kind.API_KEY, rf"sk-api-{WORD}{{100,140}}", entropy=3.5),
        assigned("mistral-api-key", "Mistral AI", Kind.API_KEY, "mistral", rf"{ALNUM}{{32}}", entropy=3.0),
        token("nvidia-api-key", "NVIDIA", Kind.API_KEY, rf"nvapi-{WORD}{{60,70}}", entropy=3.5),
        assigned("ollama-api-key", "Ollama", Kind.API_KEY, "ollama", rf"[0-9a-f]{{32}}\.{WORD}{{24}}", entropy=3.5),
        token("openrouter-api-key", "OpenRouter", Kind.API_KEY, r"sk-or-v1-[0-9a-f]{64}"),
        token("replicate-api-token", "Replicate", Kind.ACCESS_TOKEN, rf"r8_{ALNUM}{{37}}", entropy=3.0),
        assigned("stability-ai-api-key", "Stability AI", Kind.API_KEY, "stability", rf"sk-{ALNUM}{{48}}", entropy=3.5),
        token("togetherai-api-key", "Together AI", Kind.API_KEY, rf"tgp_v1_{WORD}{{43}}", entropy=3.5),
        assigned("upstage-api-key", "Upstage", Kind.API_KEY, "upstage", r"(?:up_)?[0-9A-Za-z]{32,40}", entropy=3.5),
        assigned(
            "weights-and-biases-api-key",
            "Weights & Biases",
            Kind.API_KEY,
            (r"wandb", r"weights[ _.-]?(?:and|&)[ _.-]?biases"),
            r"[0-9a-f]{40}",
            entropy=3.0,
        ),
        token(
            "weights-and-biases-api-key-v1", "Weights & Biases", Kind.API_KEY, rf"wandb_v1_{WORD}{{77}}", entropy=3.5
        ),
        token("xai-api-key", "xAI", Kind.API_KEY, rf"xai-{WORD}{{80,84}}", entropy=3.5),
        assigned(
            "zai-api-key",
            "Z.ai (Zhipu)",
            Kind.API_KEY,
            (whole("zai"), r"z\.ai", "zhipu", "bigmodel", whole("glm")),
            rf"[0-9a-f]{{32}}\.{ALNUM}{{16}}",
            entropy=3.0,
        ),
    ),
    numbered(assigned("pinecone-api-key-uuid", "Pinecone", Kind.API_KEY, "pinecone", UUID), 1, "pinecone-api-key"),
    numbered(
        token("pinecone-api-key", "Pinecone", Kind.API_KEY, rf"pcsk_{ALNUM}{{4,8}}_{ALNUM}{{60,66}}", entropy=3.5), 2
    ),
    numbered(
        token(
            "runpod-api-key",
            "RunPod",
            Kind.API_KEY,
            rf"rpa_[0-9A-Z]{{36,40}}{ALNUM}{{2,8}}|rpa_[0-9A-Z]{{40}}{ALNUM}{{6}}",
            "rpa_",
            entropy=3.0,
        ),
        1,
    ),
)
