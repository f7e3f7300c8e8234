import type { Span, Validator } from '../validators/span.ts';
import { headOfValue } from './parameter.ts';

/** Who does it, when it is no order to the reader: a customer tells what somebody did. */
const TOLD = /\b(?:i|we|he|she|they|it|who|customers?|people|husband|wife|kids?|staff|driver|drivers|courier|nobody|everyone|someone|users|companies|sellers?|to not|didn.t|don.t|doesn.t|never|cannot|can.t|could|would|might|may|if i|not to|do not|of them|that|which|easy to|tend to|you can|you could|can(?: safely)?|one|man|nicht|ne|no|non|nie|niet|kann man|peut|puedes|se puede|si possono|mozna|kan je|kunt u)[\s,]+(?:\w+ly\s+|just\s+|simply\s+|also\s+|always\s+|often\s+)?$/i;
/** What a shop gives instructions for, and where they are printed. */
const SHOP_THINGS = /\b(?:manual|box|booklet|leaflet|package|packaging|label|website|seller|app|kit|recipe|video|assembly|assembling|paper|card|bottle|delivery|shipping|washing|wash|care|cooking|baking|setup|installation|install|mounting|fitting|returns?|parcel|courier|driver|gift|sizing|size|dosage|dosing|storage|cleaning|charging|warranty|voucher|coupon|discount|order|invoice|refund|address|e-?mail|phone|game|fashion|grammar|road|house|school|engagement|physics|quickstart|quick start|user guide|download|page \d|step \d|furniture|ikea|handbuch|anleitung|verpackung|packung|schachtel|beilage|waschanleitung|versand|lieferung|manuel|notice|emballage|bo[iî]te|livraison|lavage|manuale|scatola|confezione|spedizione|lavaggio|caja|envase|paquete|entrega|env[ií]o|lavado|pudełk\w*|opakowani\w*|dostaw\w*|handleiding|verpakking|doos|bezorging|levering|spel|mensaje|correo|nachricht|messaggio|bericht|mensagem|wiadomo\S*|courriel|bestellung|commande|pedido|jeu|juego|gioco|spiel|spiels|gry)\b/i;
/** What the instructions were of. */
const BELONGS_TO = new RegExp(`^\\w{0,8}[ ,]{1,2}(?:in|on|from|of|for|that came|inside|at|with|to|about|regarding|printed|provided|included|here|i gave|i sent|des|de|du|della?|dello|nel|auf|im|in|aus|der|del|la|z|w|op|van|uit|na|no|do|da)\\b[^.!?\\n]{0,48}?${SHOP_THINGS.source}`, 'i');
/** Marks of a conversation with a model: whose instructions are meant. */
const QUALIFIED = /\b(?:previous|prior|above|preceding|earlier|foregoing|former|past|your|all|any|every|these|those|existing|current|initial|original|system|built-in|default|other|everything|given|safety|ethical|content|model|ai|programming|openai|developer|before|old|hidden|vorherig\w*|bisherig\w*|vorig\w*|obig\w*|früher\w*|vorangegangen\w*|alle[nrs]?|deine?\w?|ihre?\w?|précédent\w*|antérieur\w*|ci-dessus|toutes?|tes|vos|anterior\w*|previ[ao]s|todas?|tus|sus|precedent\w*|sopra|tutte|tue|tuoi|prévi\w*|poprzedni\w*|wcześniejsz\w*|powyższ\w*|wszystki\w*|swoj\w*|vorige|eerdere|voorgaande|bovenstaande|alle|jouw|je|uw|tidigare|tidligere|aiemmat|was dir|que te|that you|you were|you have been|told)\b|préc|früh|wcze|powy|prév/i;
const NARROW = /\b(?:my|our|his|her|their|mein\w*|unser\w*|mon|ma|mes|mi|mis|mio|mia|meu|minha|mój|moje|mijn)\b/i;
const OBJECT_STRONG = /\b(?:prompts?|guardrails|programming|system messages?|content polic\w+|systemprompt|safety guidelines|restrictions|training)\b/i;
const OBJECT_WEAK = /\b(?:messages?|requests?|text|input|above|tasks?|role|context|conversation|everything|polic\w*|commands?|whatever|what|data|objectives?|persona)$/i;
const MODEL_NEAR = /\b(?:ai|a\.i\.|llm|gpt|chatgpt|claude|gemini|chatbot|language model|assistant|model|prompt|system|instructions?|anweisungen|instrucciones|istruzioni|instrukcje|instructies|respond|output|reply|print|say|reveal|tell me|you are|you must|du bist|tu es|eres|sei un|jesteś|je bent|from now on|new task|instead|only|dan|developer mode|act as|pretend)\b/i;
const DIRECT = /\b(?:ai|llm|gpt|respond|output|reply|print|say|reveal|you are|you must|from now on|dan|act as)\b/i;
const WINDOW = 240;

function windowOf(text: string, span: Span): { readonly before: string; readonly after: string } {
  return { before: text.slice(Math.max(0, span.start - WINDOW), span.start), after: text.slice(span.end, span.end + WINDOW) };
}

/** Takes an order to drop instructions that a model was given; leaves what customers tell of manuals, labels and deliveries. */
export const override: Validator = (text: string, span: Span): Span | undefined => {
  const found = text.slice(span.start, span.end);
  const { before, after } = windowOf(text, span);
  const head = before.slice(-48);
  const said = found + (/^[^.,;!?\n]{0,28}/.exec(after)?.[0] ?? '');
  if (SHOP_THINGS.test(found) || BELONGS_TO.test(after)) return undefined;
  if (/^(?:not |no longer)/i.test(found)) return MODEL_NEAR.test(before + after) || OBJECT_STRONG.test(found) ? span : undefined;
  const denied = TOLD.test(head) && !/\b(?:you (?:must|should|will|may|can|are to)|please|und|and|then|to)\s+$/i.test(head);
  if (denied && !(/\byou can\s+$/i.test(head) && MODEL_NEAR.test(after))) return undefined;
  if (NARROW.test(found)) return undefined;
  if (/\beverything$/i.test(found) && /^\s+(?:you|i|we)(?:.ve)?\s+(?:were|have been|been|just|have)?\s*(?:told|said|instructed|learned|before|above|read)\b|^\s+(?:above|before this|prior to this|prior)\b/i.test(after)) return span;
  if (OBJECT_STRONG.test(found) && (QUALIFIED.test(said) || MODEL_NEAR.test(after))) return span;
  if (!QUALIFIED.test(said)) return DIRECT.test(/^[^.!?\n]{0,60}/.exec(after)?.[0] ?? '') && /\b(?:instructions?|directives?|guidelines?|rules)\b/i.test(found) && /\b(?:instead|and|then|now|you)\b/i.test(after.slice(0, 48)) ? span : undefined;
  if (/\b(?:all|any|every\w*)\b[^.!?]{0,24}\b(?:previous|prior|above|preceding|earlier|told|instructed)\b/i.test(found) && !/\b(?:messages?|text|orders?)$/i.test(found)) return span;
  if (!OBJECT_WEAK.test(found)) return /\b(?:rules?|polic\w+|commands?|guidelines?)$/i.test(found) && !/\b(?:previous|prior|above|foregoing|preceding|earlier|your|system|safety|all|any|existing|original)\b/i.test(found) ? undefined : span;
  return /\b(?:previous|prior|above|preceding|earlier|before|system|told|instructed)\b/i.test(found) && MODEL_NEAR.test(after + before) ? span : undefined;
};

/** What people of a shop ask for: none of it is a model's own. */
const SHOP_TALK = /\b(?:shipping|return|returns|refund|delivery|washing|care|assembly|store|opening|warranty|size|sizing|payment|cleaning|cooking|installation|set-?up|dosage|discount|safety data|privacy|cookie|school|club|knowledge of|user manual|manual)\b/i;
const MODEL_WORDS = /\b(?:ai|a\.i\.|llm|gpt(?:-?\d)?|chatgpt|openai|claude|gemini|copilot|chatbot|bot|language model|assistant|model|prompt|system prompt|system message|instructions?|directives?|guidelines|restrictions?|filter(?:s|ed)?|unfiltered|uncensored|censorship|jailbr\w+|dan|developer mode|ethic\w*|moral\w*|context|conversation|session|training data|verbatim|word for word|code block|base64|rot13|json|hidden|secret|confidential|canary|system|tool|function|obey|comply|persona|character|roleplay|fictional|hypothetical|maintenance|debug|mode|token|admin|administrator|unrestricted|limitations|output|response|prefix|respond|answer|reply|ignore|disregard|anweisung\w*|systemprompt|instructies|instrucciones|istruzioni|consignes)\b/gi;
const LEAST_MODEL_WORDS = 2;
/** Enough by itself. */
const PLAIN = /\b(?:your|the|this|its|full|entire|complete|exact|all|whole|current|any)[ ](?:\w+ )?system[ _-]?(?:prompt|message|instruction)s?\b|\bsystem[ _-]prompt is\b|system-?prompt|systeemprompt|prompt (?:syst|du syst|del sistema|di sistema|do sistema|systemow)|systemanweisung|\b(?:initial|hidden|starting|secret|internal|original|confidential|developer|underlying) (?:prompt|instructions?|directives?|system prompt)s?\b|\b(?:tes|vos) (?:instructions|consignes)|(?:deine|ursprünglich\w*|versteckt\w*|geheime\w*) (?:\w+ )?(?:anweisung|instruktion|prompt)|istruzioni (?:di sistema|iniziali|nascoste)|(?:tue) istruzioni|instrucciones (?:del sistema|iniciales|ocultas)|tus instrucciones|swoj\S* (?:instrukcj|prompt)|instructies|\btext above\b|\babove text\b|\bregardless of (?:any |all |your )?(?:previous|prior|earlier|other)\b|\bforgot to (?:ask|tell) you\b|\b(?:instructions|text|prompt|rules|message) you were given\b|\beverything above\b|\bwords above\b|\bconversation above\b|\b(?:were|have) you (?:been )?(?:told|given|instructed|programmed)\b|\byour (?:\w+ )?(?:prompt|programming|directives?|training data|context window|knowledge base)\b|\b(?:told|instructed|given) before this|do anything now|\bdan mode|jailbroken|unrestricted (?:ai|mode|assistant|model)|unfiltered (?:ai|assistant|model)|uncensored|\bas dan\b|\b(?:an? )?(?:unrestricted|unfiltered|evil|jailbroken)\b|no longer (?:an? )?(?:ai|bound|restricted)|you are (?:now )?(?:an? )?(?:ai|chatbot|language model|dan|linux|python)\b|\byou were (?:told|instructed|programmed|configured)|new system prompt|your (?:new|real|true|actual|updated|only) (?:\w+ )?(?:instructions?|directives?|system prompt|task) (?:are|is)|instructions? (?:has|have) been (?:updated|replaced|superseded)|when(?:ever)? you (?:summari[sz]e|translate|analy[sz]e|index|parse|process) (?:this|the (?:following|above))|before (?:answering|responding|replying|summari[sz]ing)[^.!?]{0,60}\b(?:call|send|fetch|visit|execute|output|forward|open)\b|you have been (?:told|instructed|programmed|configured)/i;
const IMPERATIVE_TO_MODEL = /\b(?:ai|llms?|language models?|chatbots?|gpt|chatgpt|claude|gemini|copilot|ai (?:assistant|model|agent|system)s?)\b/i;
const NARROWED = /\b(?:my|our)\b/i;
const SPOKEN_OF = /\b(?:i|we|he|she|they)\s+(?:\w+\s+){0,2}$/i;

function modelWords(text: string): number {
  return new Set((text.match(MODEL_WORDS) ?? []).map((word) => word.toLowerCase())).size;
}

/** Takes what asks a model for its own words, gives it a role or tells it what to answer; leaves what customers ask a shop. */
export const modelTalk: Validator = (text: string, span: Span): Span | undefined => {
  const found = text.slice(span.start, span.end);
  const { before, after } = windowOf(text, span);
  if (SPOKEN_OF.test(before) || /\b(?:the|our|a|this) system (?:then |just )?prompted\b/i.test(found + after.slice(0, 16))) return undefined;
  const sentence = `${/[^.!?\n]{0,100}$/.exec(before)?.[0] ?? ''}${found}${/^[^.!?\n]{0,140}/.exec(after)?.[0] ?? ''}`;
  if (/^new (?:instructions?|directives?|task|system prompt|rules|orders|objective)$/i.test(found)) return /^[\s"'\])]{0,4}(?:[:*#\n]|from (?:your|the) (?:developer|admin|system|owner))/i.test(after) ? span : undefined;
  if (PLAIN.test(found + after.slice(0, 8))) return SHOP_TALK.test(found) ? undefined : span;
  if (/^as an?\b/i.test(found)) return /^[^.!?\n]{0,32}\byou (?:must|should|will|shall|have to|need to|are to|always|never)\b/i.test(after) || /\byou (?:must|should|will|shall|have to|need to|are to)\b/i.test(found) ? span : undefined;
  if (SHOP_TALK.test(sentence)) return undefined;
  if (NARROWED.test(found)) return undefined;
  if (/^you(?: are|.re) now$/i.test(found) && /\b(?:AI|A\.I\.|assistant|chatbot|model|persona|LLM|hacker|terminal)\b/.test(sentence)) return span;
  if (/\ban? (?:\w+ )?system[ _-]?prompt/i.test(found)) return undefined;
  if (/\bmode$/i.test(found)) return /^(?:enter|enabl|activ|switch|go into|engage|boot)/i.test(found) && /^[^.!?\n]{0,60}\b(?:output|print|respond|answer|reply|ignore|reveal|configuration|display|system|do anything|without|list)\b/i.test(after) ? span : undefined;
  if (/^(?:no|without|free|pretend|imagine|simulate|assume|take on)\b/i.test(found)) return /\b(?:ai|assistant|model|llm|chatbot|unrestricted|dan|respond|answer|reply|output|guidelines|hacker|terminal|administrator|system)\b/i.test(sentence) && modelWords(sentence) >= LEAST_MODEL_WORDS ? span : undefined;
  if (IMPERATIVE_TO_MODEL.test(found) && !/\b(?:i|we|they)\b/i.test(found)) return span;
  if (/\b(?:nothing else|verbatim|word for word|exactly|in your (?:response|answer|output|summary)|every (?:response|answer|reply)|(?:only|exclusively) with)\b/i.test(sentence) && /\b(?:say|output|print|write|reply|respond|include|return|repeat|append|answer|begin|start|end)\b/i.test(found)) return span;
  return modelWords(sentence) >= LEAST_MODEL_WORDS + (/\b(?:you are now|from now on|pretend|new instructions|your new|you must|developer mode|act as|your (?:instructions|rules)|what are your|when)\b/i.test(found) ? 0 : 1) ? span : undefined;
};

const OWN_MARKS = /<\||\[\/?INST\]|<<\/?SYS>>|_of_turn>|tool_calls?|function_call|tool_use|invoke|"role"|'role'|recipient_name/i;

/** Takes the marks that set apart the turns of a conversation with a model where a customer writes, with an order behind them unless they are a template's own. */
export const modelMarks: Validator = (text: string, span: Span, field: string): Span | undefined => {
  const found = text.slice(span.start, span.end);
  const { before, after } = windowOf(text, span);
  if (OWN_MARKS.test(found)) return field.startsWith('ai.') && /["']role["']/.test(found) ? undefined : span;
  if (/\b(?:operating|sound|alarm|heating|payment|your|my|the|stereo|solar|nervous|immune)\s+system$/i.test(before.slice(-16) + found.replace(/\W+$/, ''))) return undefined;
  const words = modelWords(found + after.slice(0, 160));
  const ordered = /^[\s"'*:#-]*(?:[\w']+\s+){0,3}(?:ignore|disregard|reply|respond|output|print|say|reveal|send|you are|you must|forget|override|bypass|give me|show me|tell me|list all|new (?:task|instructions?)|execute|forward|export|approve|repeat|display|enter developer|call the|switch to|from now on|pretend|act as|discard|stop following|do not follow|translate|what are your|write out|summari[sz]e)\b/i.test(after) || /\b(?:ignore|override|new instructions|system prompt)\b/i.test(found);
  return ordered && words >= 1 ? span : undefined;
};

const PRIVATE = /\b(?:conversation|chat (?:history|log)|credentials|passwords?|api ?keys?|secrets?|tokens?|environment variables|database|customer (?:data|list|records|names)|patients?|inbox|all (?:e?mails|users|customers|orders|messages|files)|entire|personal (?:data|information)|session|cookies?|credit cards?|confidential)\b/i;
const TARGET = /https?:|@[\w-]+\.|\bto (?:the )?(?:attacker|url|address|server|endpoint|following|webhook|external)\b|\bin the url\b|\bbase64\b|\boutput\b|\bas (?:json|csv)\b/i;
const OWN_DATA = /\b(?:me|my|our|us|mine)\b/i;

/** Takes what makes a model send data out by a link, an image or a tool; leaves customers who want their own invoices. */
export const modelExfiltration: Validator = (text: string, span: Span): Span | undefined => {
  const found = text.slice(span.start, span.end);
  const { after } = windowOf(text, span);
  if (/^!?\[/.test(found)) return /(?:\[|\{|<|%7b|%5b|\$\{?\w|[=/](?:query|data|secret|conversation|history|prompt|summary))/i.test(found.slice(found.indexOf('](') + 2)) ? span : undefined;
  if (/\b(?:markdown image|image tag|img tag|hidden (?:image|link)|tracking pixel)\b/i.test(found) || (!/^call to\b/i.test(found) && /\w_\w+["'`]?\s*(?:tool|function|api|\(|with\b|on\b|url\b|to\s+\S+@)/i.test(found))) return span;
  if (/^call to\b/i.test(found)) return undefined;
  if (/\b(?:link|url|image|address|query|parameter)s?$/i.test(found)) return OWN_DATA.test(found) ? undefined : span;
  if (OWN_DATA.test(found) || SHOP_TALK.test(found)) return undefined;
  return PRIVATE.test(found) && TARGET.test(found + after.slice(0, 80)) && !/\b(?:i|we|they|please (?:do not|never)|never|don.t|not)\s+$/i.test(headOfValue(text, span.start)) ? span : undefined;
};
