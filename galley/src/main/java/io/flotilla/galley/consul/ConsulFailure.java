package io.flotilla.galley.consul;

/** Consul could not be asked, or said no. */
final class ConsulFailure extends Exception {
    private static final long serialVersionUID = 1;

    ConsulFailure(String message) {
        super(message);
    }
}
