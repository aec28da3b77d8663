package io.flotilla.pilot.scope;

import io.flotilla.envoy.Proxy;

/** Whether what a proxy needs of the mesh is here. */
public interface Arrivals {
    /** All is here always. */
    Arrivals UNSCOPED = new Arrivals() {
        @Override
        public boolean enter(long stream, Proxy proxy) {
            return true;
        }

        @Override
        public void leave(long stream) {}
    };

    /**
     * A proxy comes, and waits for what it needs; from then on no state goes on without that.
     *
     * @param stream its stream's number
     * @return whether it may be served; where not, Galley could not be asked, or has not answered in time
     */
    boolean enter(long stream, Proxy proxy);

    /** It has gone. */
    void leave(long stream);
}
