package io.flotilla.config.yaml;

/**
 * How much of a file is read before it counts as an attack or a mistake.
 *
 * @param characters in a file
 * @param document   characters in one of its documents: etcd takes objects of 1.5 MiB
 * @param nodes      in a document, each use of an alias counted anew
 * @param depth      of nesting
 */
public record YamlLimits(int characters, int document, int nodes, int depth) {
    /** 8 Mi characters, 2 Mi in a document, 30,000 nodes, 100 levels: above any manifest, below what hurts. */
    public static final YamlLimits DEFAULT = new YamlLimits(8 << 20, 2 << 20, 30_000, 100);
}
