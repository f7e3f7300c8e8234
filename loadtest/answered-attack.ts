/** Fields of a request that a shipped rule of level high alerts on: an injection that code which takes parameters answered at length. */
export const ANSWERED_ATTACK = {
  url: { path: '/wp-admin/admin-ajax.php', query: "id=1' UNION SELECT user_pass FROM wp_users-- -" },
  http: { request: { method: 'GET' }, response: { status_code: 200, body: { bytes: 18_220 } } },
} as const;
