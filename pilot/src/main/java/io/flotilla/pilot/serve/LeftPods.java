package io.flotilla.pilot.serve;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * UIDs of pods that were in the registry and left it, the newest of them: because they ended, or because nobody needed
 * their namespace any more. Of a namespace that is held, a pod that is here and not in the registry has ended.
 */
public final class LeftPods {
    /** Some eight megabytes. */
    private static final int MOST = 1 << 16;

    private final Map<String, Boolean> uids = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST;
        }
    };

    /** A pod has left the registry. */
    public synchronized void left(String uid) {
        uids.remove(uid);
        uids.put(uid, true);
    }

    synchronized boolean has(String uid) {
        return uids.containsKey(uid);
    }
}
