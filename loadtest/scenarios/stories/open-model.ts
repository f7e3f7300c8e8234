import type { Client } from '../site.ts';
import type { Scene } from '../scene.ts';
import type { ScenarioEvent } from '../scenario-event.ts';
import type { Story } from '../story.ts';

/** A request that the model server itself logged: it knows no agent and no size. */
function modelRequest(s: Scene, at: number, client: Client, target: string, category: 'ai' | 'configuration' | 'http', action: string, status = 200): ScenarioEvent {
  return s.request(at, client, target, { status, fields: { 'event.category': category, 'event.action': action, 'event.dataset': 'ollama.server', 'http.response.body.bytes': undefined, 'http.version': undefined, 'user_agent.original': undefined, 'url.domain': undefined } });
}

export const openModel: Story = {
  name: 'open-model', title: 'a stranger uses the local model, whose port is open',
  items: ['ai-paths.local-open'], site: 'garten-werk',
  attack(s) {
    const stranger = s.stranger();
    return [
      modelRequest(s, s.at('02:10'), stranger, 'GET /api/tags', 'http', 'http_request'),
      ...s.every(s.at('02:12'), '40s', 20, (at) => modelRequest(s, at, stranger, 'POST /api/chat', 'ai', 'model-called')),
      modelRequest(s, s.at('02:40'), stranger, 'POST /api/pull', 'configuration', 'model-changed'),
    ];
  },
  lookAlike: {
    title: 'the shop asks its model, and a scanner is refused by the server in front of it',
    events: (s) => [
      s.every(s.at('11:00'), '20s', 15, (at) => modelRequest(s, at, { ...s.visitor(), ip: '10.0.0.7' }, 'POST /api/chat', 'ai', 'model-called')),
      s.every(s.at('12:00'), '3s', 6, (at) => modelRequest(s, at, s.stranger(1), 'POST /api/generate', 'ai', 'model-called', 403)),
    ],
  },
};
