package io.flotilla.config.validate;

import io.flotilla.api.networking.v1alpha3.EnvoyFilter;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ApplyTo;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.EnvoyConfigObjectMatch;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.EnvoyConfigObjectMatch.ObjectTypesCase;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.EnvoyConfigObjectPatch;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ListenerMatch;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.Patch;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.Patch.Operation;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.Map;
import java.util.Set;

/** What an EnvoyFilter must be. What a patch puts into Envoy must be what Envoy has there. */
final class EnvoyFilterRules {
    private static final String OBJECT = "FL0340";
    private static final String MATCH = "FL0341";
    private static final String PATCH = "FL0342";
    private static final Set<ApplyTo> ROUTES =
            Set.of(ApplyTo.ROUTE_CONFIGURATION, ApplyTo.VIRTUAL_HOST, ApplyTo.HTTP_ROUTE);
    private static final Set<ApplyTo> LISTENERS = Set.of(
            ApplyTo.LISTENER,
            ApplyTo.FILTER_CHAIN,
            ApplyTo.NETWORK_FILTER,
            ApplyTo.HTTP_FILTER,
            ApplyTo.LISTENER_FILTER);
    private static final Set<ApplyTo> FILTERS = Set.of(ApplyTo.NETWORK_FILTER, ApplyTo.HTTP_FILTER);
    private static final Map<String, String> RENAMED = Map.of(
            "envoy.http_connection_manager", "envoy.filters.network.http_connection_manager",
            "envoy.tcp_proxy", "envoy.filters.network.tcp_proxy",
            "envoy.router", "envoy.filters.http.router",
            "envoy.lua", "envoy.filters.http.lua",
            "envoy.fault", "envoy.filters.http.fault",
            "envoy.cors", "envoy.filters.http.cors",
            "envoy.ext_authz", "envoy.filters.http.ext_authz",
            "envoy.filters.http.rbac", "envoy.filters.http.rbac");

    private final Check check;

    private EnvoyFilterRules(Check check) {
        this.check = check;
    }

    @SuppressWarnings("deprecation") // the form of 1.1
    static void check(Config<EnvoyFilter> config, Check check) {
        EnvoyFilter filter = config.spec();
        FieldPath at = Check.spec();
        TargetRules targets = new TargetRules(OBJECT, check);
        check.require(
                !filter.hasWorkloadSelector() || filter.getTargetRefsCount() == 0,
                OBJECT,
                at,
                "takes workloadSelector or targetRefs, not both");
        targets.selector(
                filter.getWorkloadSelector().getLabelsMap(),
                at.field("workloadSelector").field("labels"));
        targets.selector(filter.getWorkloadLabelsMap(), at.field("workloadLabels"));
        targets.targets(filter.getTargetRefsList(), at.field("targetRefs"));
        check.require(
                filter.getConfigPatchesCount() + filter.getFiltersCount() > 0,
                OBJECT,
                check.classic() ? at.field("filters") : at.field("configPatches"),
                "is required");
        EnvoyFilterRules rules = new EnvoyFilterRules(check);
        for (int i = 0; i < filter.getConfigPatchesCount(); i++) {
            rules.patch(filter.getConfigPatches(i), at.field("configPatches").item(i));
        }
        for (int i = 0; i < filter.getFiltersCount(); i++) {
            rules.classic(filter.getFilters(i), at.field("filters").item(i));
        }
    }

    private void classic(EnvoyFilter.Filter filter, FieldPath at) {
        boolean relative = filter.getInsertPosition().getIndex() == EnvoyFilter.InsertPosition.Index.BEFORE
                || filter.getInsertPosition().getIndex() == EnvoyFilter.InsertPosition.Index.AFTER;
        check.require(
                !relative || !filter.getInsertPosition().getRelativeTo().isEmpty(),
                PATCH,
                at.field("insertPosition").field("relativeTo"),
                "is required with BEFORE and AFTER");
        check.require(
                filter.getFilterType() != EnvoyFilter.Filter.FilterType.INVALID,
                PATCH,
                at.field("filterType"),
                "must be HTTP or NETWORK");
        check.given(filter.getFilterName(), PATCH, at.field("filterName"));
        check.require(filter.hasFilterConfig(), PATCH, at.field("filterConfig"), "is required");
        EnvoyFilter.DeprecatedListenerMatch match = filter.getListenerMatch();
        if (match.getPortNumber() != 0) {
            check.port(match.getPortNumber(), at.field("listenerMatch").field("portNumber"));
        }
        check.cidrs(match.getAddressList(), MATCH, at.field("listenerMatch").field("address"));
        if (match.getListenerType() == EnvoyFilter.DeprecatedListenerMatch.ListenerType.SIDECAR_INBOUND
                && match.getAddressCount() > 0) {
            check.warning(
                    MATCH,
                    at.field("listenerMatch").field("address"),
                    "fits no captured pod: its inbound listener is on all addresses, the same for every replica");
        }
    }

    private void patch(EnvoyConfigObjectPatch object, FieldPath at) {
        ApplyTo to = object.getApplyTo();
        if (to == ApplyTo.INVALID) {
            check.error(PATCH, at.field("applyTo"), "is required");
            return;
        }
        if (object.hasMatch()) {
            match(to, object.getMatch(), at.field("match"));
        }
        if (object.hasPatch()) {
            change(to, object.getPatch(), at.field("patch"));
        } else {
            check.error(PATCH, at.field("patch"), "is required");
        }
    }

    private void match(ApplyTo to, EnvoyConfigObjectMatch match, FieldPath at) {
        ObjectTypesCase given = match.getObjectTypesCase();
        boolean waypoint = match.getContext() == EnvoyFilter.PatchContext.WAYPOINT;
        boolean fits = switch (given) {
            case LISTENER -> LISTENERS.contains(to);
            case ROUTE_CONFIGURATION -> ROUTES.contains(to);
            case CLUSTER -> to == ApplyTo.CLUSTER;
            case WAYPOINT -> waypoint;
            case OBJECTTYPES_NOT_SET -> true;
        };
        check.require(fits, MATCH, at, given + " is nothing that applyTo " + to + " can be found by");
        check.require(
                !waypoint || given == ObjectTypesCase.WAYPOINT || given == ObjectTypesCase.OBJECTTYPES_NOT_SET,
                MATCH,
                at.field("context"),
                "WAYPOINT goes with the match \"waypoint\"");
        if (!match.getProxy().getProxyVersion().isEmpty()) {
            check.regex(match.getProxy().getProxyVersion(), at.field("proxy").field("proxyVersion"));
        }
        if (match.hasListener()) {
            listener(to, match.getListener(), at.field("listener"));
        }
    }

    private void listener(ApplyTo to, ListenerMatch match, FieldPath at) {
        if (match.getPortNumber() != 0) {
            check.port(match.getPortNumber(), at.field("portNumber"));
        }
        check.require(
                match.getListenerFilter().isEmpty() || to == ApplyTo.LISTENER_FILTER,
                MATCH,
                at.field("listenerFilter"),
                "is for applyTo LISTENER_FILTER");
        ListenerMatch.FilterMatch filter = match.getFilterChain().getFilter();
        FieldPath place = at.field("filterChain").field("filter");
        if (match.getFilterChain().hasFilter()) {
            check.require(FILTERS.contains(to), MATCH, place, "is for applyTo NETWORK_FILTER and HTTP_FILTER");
            check.given(filter.getName(), MATCH, place.field("name"));
            renamed(filter.getName(), place.field("name"));
        }
        if (filter.hasSubFilter()) {
            check.require(to == ApplyTo.HTTP_FILTER, MATCH, place.field("subFilter"), "is for applyTo HTTP_FILTER");
            check.given(
                    filter.getSubFilter().getName(),
                    MATCH,
                    place.field("subFilter").field("name"));
            renamed(filter.getSubFilter().getName(), place.field("subFilter").field("name"));
        }
    }

    private void renamed(String name, FieldPath at) {
        String now = RENAMED.get(name);
        if (now != null && !now.equals(name) && !check.classic()) {
            check.warning(MATCH, at, "\"" + name + "\" is called \"" + now + "\" today");
        }
    }

    private void change(ApplyTo to, Patch patch, FieldPath at) {
        Operation operation = patch.getOperation();
        check.require(operation != Operation.INVALID, PATCH, at.field("operation"), "is required");
        if (operation != Operation.INVALID && !PatchOperations.possible(to, operation)) {
            check.warning(PATCH, at.field("operation"), operation + " cannot be done to a " + to);
        }
        check.require(
                patch.getFilterClass() == Patch.FilterClass.UNSPECIFIED
                        || (FILTERS.contains(to) && operation == Operation.ADD),
                PATCH,
                at.field("filterClass"),
                "is for operation ADD of a NETWORK_FILTER or HTTP_FILTER");
        FieldPath value = at.field("value");
        if (operation == Operation.REMOVE) {
            if (patch.hasValue()) {
                check.warning(PATCH, value, "is not used with operation REMOVE");
            }
        } else if (patch.getValue().getFieldsCount() == 0) {
            check.error(PATCH, value, "is required");
        } else {
            EnvoyMessages.of(to).ifPresent(message -> check.envoy(message, patch.getValue(), value));
        }
    }
}
