package io.flotilla.config.yaml;

/**
 * How much of a file is read before it counts as an attack or a mistake.
 *
 * @param characters in a file
 * @param nodes      in a document, each use of an alias counted anew
 * @param depth      of nesting
 */
public record YamlLimits(int characters, int nodes, int depth) {
    /** 8 Mi characters, a million nodes, 100 levels: far above any manifest, far below what hurts. */
    public static final YamlLimits DEFAULT = new YamlLimits(8 << 20, 1_000_000, 100);
}
