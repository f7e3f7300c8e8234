<?php

// Hosts of services that run models for others, each with the names below it. Collected from the services' own API
// documentation on 2026-11-21; what is missing is named in the setting `ai_hosts`, or found by the shape of the call.

declare(strict_types=1);

return [
    'openai.com', 'chatgpt.com', 'openai.azure.com', 'services.ai.azure.com', 'cognitiveservices.azure.com', 'models.inference.ai.azure.com', 'models.github.ai', 'models.ai.azure.com',
    'anthropic.com', 'claude.ai', 'generativelanguage.googleapis.com', 'aiplatform.googleapis.com', 'aiplatform.google.com',
    'mistral.ai', 'cohere.com', 'cohere.ai', 'groq.com', 'together.xyz', 'together.ai', 'deepseek.com', 'x.ai', 'perplexity.ai', 'openrouter.ai',
    'huggingface.co', 'endpoints.huggingface.cloud', 'hf.space', 'replicate.com', 'replicate.delivery', 'fireworks.ai', 'ai21.com', 'aleph-alpha.com', 'nebius.ai', 'nebius.com', 'novita.ai', 'deepinfra.com',
    'cerebras.ai', 'sambanova.ai', 'lepton.ai', 'octoai.cloud', 'anyscale.com', 'hyperbolic.xyz', 'moonshot.cn', 'moonshot.ai', 'dashscope.aliyuncs.com', 'dashscope-intl.aliyuncs.com', 'bigmodel.cn', 'z.ai', 'minimax.chat', 'minimax.io',
    'baichuan-ai.com', 'qianfan.baidubce.com', 'aip.baidubce.com', 'volces.com', 'hunyuan.cloud.tencent.com', 'stability.ai', 'elevenlabs.io', 'assemblyai.com', 'deepgram.com', 'api.deepl.com', 'api-free.deepl.com',
    'voyageai.com', 'jina.ai', 'writer.com', 'inflection.ai', 'nlpcloud.io', 'scaleway.ai', 'ai.cloud.ovh.net', 'gateway.ai.cloudflare.com', 'integrate.api.nvidia.com', 'watsonx.ai', 'ml.cloud.ibm.com', 'leonardo.ai', 'ideogram.ai', 'fal.run', 'fal.ai', 'runpod.ai', 'modal.run', 'portkey.ai', 'requesty.ai', 'api.githubcopilot.com',
    'aipower.org', 'api.chatbase.co', 'botpress.cloud',
];
