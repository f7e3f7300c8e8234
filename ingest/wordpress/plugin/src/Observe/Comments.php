<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Classify\Content;
use Tourniquet\Guarded;
use Tourniquet\Watcher;

/** Comments and reviews posted: by whom, how long, which kinds of data stand in them; never the text. */
final class Comments extends Watcher
{
    public function register(): void
    {
        Guarded::action('wp_insert_comment', fn($id, $comment) => $this->posted($comment), 10, 2);
    }

    /** @param mixed $comment */
    private function posted($comment): void
    {
        if (!$comment instanceof \WP_Comment || !in_array($comment->comment_type, ['', 'comment', 'review'], true)) {
            return;
        }
        $text = (string) $comment->comment_content;
        $isReview = $comment->comment_type === 'review' || get_post_type((int) $comment->comment_post_ID) === 'product';
        $found = $this->reading()->found()->person($isReview ? 'customer' : 'contact', (string) $comment->comment_author_email, (int) $comment->user_id);
        $this->journal->record('database', $isReview ? 'review-posted' : 'comment-posted', [
            'wordpress.comment.id' => (int) $comment->comment_ID,
            'wordpress.comment.status' => ['1' => 'approve', '0' => 'hold', 'spam' => 'spam', 'trash' => 'trash'][(string) $comment->comment_approved] ?? null,
            'wordpress.comment.length' => strlen($text),
            'wordpress.data.classes' => array_keys(Content::classes($text)),
        ], $found->subjects());
    }
}
