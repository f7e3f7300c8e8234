<?php

declare(strict_types=1);

namespace Tourniquet\Integrity;

/** Goes through the files of a part, a directory at a time, so that it can stop anywhere and go on later. */
final class FileWalk
{
    private Part $part;
    /** Directories below the root that are still to be read; a star behind those with all below them. @var list<string> */
    private array $pending;

    /** @param list<string>|null $pending where an earlier walk stopped */
    public function __construct(Part $part, ?array $pending = null)
    {
        $this->part = $part;
        $this->pending = $pending ?? array_merge($part->only === '' ? [] : [''], $part->flat, array_map(static fn(string $name): string => $name . '/*', $part->deep));
    }

    /** @return list<string> */
    public function pending(): array
    {
        return $this->pending;
    }

    /**
     * The files of the next directory, by their paths below the root; null at the end.
     *
     * @return list<string>|null
     */
    public function next(): ?array
    {
        $next = array_pop($this->pending);
        if ($next === null) {
            return null;
        }
        $deep = substr($next, -2) === '/*';
        $directory = $deep ? substr($next, 0, -2) : $next;
        $files = [];
        foreach ($this->names($directory) as $name) {
            $path = ltrim($directory . '/' . $name, '/');
            $full = $this->part->root . '/' . $path;
            if (is_dir($full)) {
                // A link could lead round in a circle, or out of the site.
                if ($deep && $name !== '.git' && !is_link($full)) {
                    $this->pending[] = $path . '/*';
                }
            } elseif ($this->part->holds($path) && is_file($full)) {
                $files[] = $path;
            }
        }
        return $files;
    }

    /** @return list<string> */
    private function names(string $directory): array
    {
        $full = rtrim($this->part->root . '/' . $directory, '/');
        $names = is_dir($full) && is_readable($full) ? scandir($full) : false;
        return array_values(array_diff($names === false ? [] : $names, ['.', '..']));
    }
}
