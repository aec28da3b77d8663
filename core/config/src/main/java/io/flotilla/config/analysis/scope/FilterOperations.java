package io.flotilla.config.analysis.scope;

import io.flotilla.api.networking.v1alpha3.EnvoyFilter;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.schema.FieldPath;
import java.util.List;

/** Patches of EnvoyFilters that do not take effect, or only by luck. */
final class FilterOperations implements Check {
    private static final Entry RELATIVE = Entry.warning(
                    "FA0713", "a patch refers to others and the EnvoyFilter has no priority", """
                    INSERT_BEFORE, INSERT_AFTER, REPLACE, MERGE and REMOVE need what they refer to. If another
                    EnvoyFilter adds it, the order of the two decides, and without a priority that is the order of their
                    age. Set priority (the lower comes first), or use INSERT_FIRST or ADD.""")
            .istio("IST0151");
    private static final Entry REPLACE =
            Entry.error("FA0714", "REPLACE is for filters only", """
                    The operation REPLACE is known for HTTP_FILTER and NETWORK_FILTER; for everything else the patch is
                    passed over. Use MERGE, or REMOVE and ADD.""").istio("IST0152");
    private static final Entry ADD =
            Entry.error("FA0715", "ADD has no effect on routes", """
                    The operation ADD is passed over for ROUTE_CONFIGURATION and HTTP_ROUTE. Use MERGE for what is
                    there, or write the route as a VirtualService.""").istio("IST0153");
    private static final Entry REMOVE =
            Entry.error("FA0716", "REMOVE has no effect on routes", """
                    The operation REMOVE is passed over for ROUTE_CONFIGURATION and HTTP_ROUTE. Change the
                    VirtualService that makes the route instead.""").istio("IST0154");
    private static final Entry VERSION = Entry.warning(
                    "FA0717", "a patch for one proxy version refers to others and has no priority", """
                    The patch is for one version of the proxy and refers to something that another patch may have to add
                    first. During an upgrade both versions run, and for one of them what it refers to may be missing.
                    Set priority, or use INSERT_FIRST or ADD.""")
            .istio("IST0155");

    @Override
    public List<Entry> entries() {
        return List.of(RELATIVE, REPLACE, ADD, REMOVE, VERSION);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<EnvoyFilter> filter : mesh.all(Kind.ENVOY_FILTER, EnvoyFilter.class)) {
            for (int i = 0; i < filter.spec().getConfigPatchesCount(); i++) {
                EnvoyFilter.EnvoyConfigObjectPatch patch = filter.spec().getConfigPatches(i);
                FieldPath at = Paths.item("configPatches", i).field("patch").field("operation");
                absolute(filter, patch, at, findings);
                relative(filter, patch, at, findings);
            }
        }
    }

    private static void absolute(
            Config<EnvoyFilter> filter, EnvoyFilter.EnvoyConfigObjectPatch patch, FieldPath at, Findings findings) {
        EnvoyFilter.ApplyTo to = patch.getApplyTo();
        boolean filters = to == EnvoyFilter.ApplyTo.HTTP_FILTER || to == EnvoyFilter.ApplyTo.NETWORK_FILTER;
        boolean routes = to == EnvoyFilter.ApplyTo.ROUTE_CONFIGURATION || to == EnvoyFilter.ApplyTo.HTTP_ROUTE;
        switch (patch.getPatch().getOperation()) {
            case REPLACE -> {
                if (!filters) {
                    findings.report(REPLACE, filter, at, "REPLACE is passed over for " + to + "; use MERGE");
                }
            }
            case ADD -> {
                if (routes) {
                    findings.report(ADD, filter, at, "ADD is passed over for " + to);
                }
            }
            case REMOVE -> {
                if (routes) {
                    findings.report(REMOVE, filter, at, "REMOVE is passed over for " + to);
                }
            }
            default -> {}
        }
    }

    private static void relative(
            Config<EnvoyFilter> filter, EnvoyFilter.EnvoyConfigObjectPatch patch, FieldPath at, Findings findings) {
        boolean relative = switch (patch.getPatch().getOperation()) {
            case INSERT_BEFORE, INSERT_AFTER, REPLACE, MERGE, REMOVE -> true;
            default -> false;
        };
        if (relative && filter.spec().getPriority() == 0) {
            boolean version = !patch.getMatch().getProxy().getProxyVersion().isEmpty();
            findings.report(
                    version ? VERSION : RELATIVE,
                    filter,
                    at,
                    patch.getPatch().getOperation() + " refers to what must be there already; set spec.priority");
        }
    }
}
