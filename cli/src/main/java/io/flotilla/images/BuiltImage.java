package io.flotilla.images;

/**
 * An image that was built.
 *
 * @param name   "pilot"
 * @param image  its whole name with its tag
 * @param digest of its manifest, "sha256:..."; in a registry it can be pulled by it
 * @param id     of its configuration, as engines show it
 * @param file   the tar, or empty where it was pushed
 */
public record BuiltImage(String name, String image, String digest, String id, String file) {}
