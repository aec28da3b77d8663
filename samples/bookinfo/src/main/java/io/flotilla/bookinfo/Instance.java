package io.flotilla.bookinfo;

/** Who answers: the pod, its cluster and the version of the application. */
public record Instance(String pod, String cluster, String version) {}
