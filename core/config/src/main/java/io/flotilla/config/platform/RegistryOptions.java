package io.flotilla.config.platform;

/**
 * What the registry is told about its platform.
 *
 * @param cluster      name of the cluster, empty for the local one
 * @param network      of its pods, may be empty
 * @param domainSuffix "cluster.local"
 */
public record RegistryOptions(String cluster, String network, String domainSuffix) {
    public static final RegistryOptions DEFAULT = new RegistryOptions("", "", "cluster.local");
}
