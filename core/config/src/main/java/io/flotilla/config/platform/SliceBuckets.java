package io.flotilla.config.platform;

import io.flotilla.api.registry.v1.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which slice an endpoint is in. It follows from its own name, so that one that comes, goes or changes moves one slice
 * (constraints.md, 2); only where their number doubles are all dealt out anew.
 */
final class SliceBuckets {
    static final int MAX_ENDPOINTS = 100;
    /** Of many slices, so that chance fills none above the most. */
    private static final int USUAL_ENDPOINTS = MAX_ENDPOINTS / 2;

    private SliceBuckets() {}

    /** Number of a bucket, from 0, to its workloads in the order given; bucket 0 is always there. */
    static SortedMap<Integer, List<Workload>> of(List<Workload> workloads) {
        SortedMap<Integer, List<Workload>> buckets = new TreeMap<>();
        int mask = count(workloads.size()) - 1;
        buckets.put(0, new ArrayList<>());
        for (Workload workload : workloads) {
            // The low bits of String.hashCode say little about names that differ in their last letters only.
            int mixed = workload.getName().hashCode() * 0x9E3779B9;
            buckets.computeIfAbsent(mixed >>> 16 & mask, bucket -> new ArrayList<>())
                    .add(workload);
        }
        return buckets;
    }

    /** A power of two. */
    static int count(int endpoints) {
        if (endpoints <= MAX_ENDPOINTS) {
            return 1;
        }
        int least = (endpoints + USUAL_ENDPOINTS - 1) / USUAL_ENDPOINTS;
        return Integer.highestOneBit(Math.max(1, least - 1)) << 1;
    }
}
