<?php

declare(strict_types=1);

namespace Tourniquet\Ai;

/** What is to be sent cannot be looked at, so it may not leave. Its message is a word for the log, never a part of it. */
final class Unreadable extends \RuntimeException
{
}
