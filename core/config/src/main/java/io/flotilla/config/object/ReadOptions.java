package io.flotilla.config.object;

/**
 * What the reading of objects depends on.
 *
 * @param defaultNamespace of objects that name none
 * @param classic          judge by the rules of Istio 1.1 where they differ
 */
public record ReadOptions(String defaultNamespace, boolean classic) {
    public static final ReadOptions DEFAULT = new ReadOptions("default", false);
}
