package io.flotilla.config.validate;

import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.HTTPRouteDestination;
import io.flotilla.api.networking.v1alpha3.Headers;
import io.flotilla.api.networking.v1alpha3.Headers.HeaderOperations;
import io.flotilla.config.schema.FieldPath;
import java.util.Collection;

/** Changes of headers, in the forms of today and of 1.1. */
final class HeaderRules {
    private static final String CODE = "FL0112";

    private final Check check;

    HeaderRules(Check check) {
        this.check = check;
    }

    @SuppressWarnings("deprecation") // old objects have them
    void route(HTTPRoute route, FieldPath at) {
        headers(route.getHeaders(), at.field("headers"));
        names(route.getAppendHeadersMap().keySet(), at.field("appendHeaders"));
        names(route.getAppendRequestHeadersMap().keySet(), at.field("appendRequestHeaders"));
        names(route.getAppendResponseHeadersMap().keySet(), at.field("appendResponseHeaders"));
        list(route.getRemoveRequestHeadersList(), at.field("removeRequestHeaders"));
        list(route.getRemoveResponseHeadersList(), at.field("removeResponseHeaders"));
        for (int i = 0; i < route.getRouteCount(); i++) {
            destination(route.getRoute(i), at.field("route").item(i));
        }
    }

    @SuppressWarnings("deprecation") // old objects have them
    private void destination(HTTPRouteDestination destination, FieldPath at) {
        headers(destination.getHeaders(), at.field("headers"));
        names(destination.getAppendRequestHeadersMap().keySet(), at.field("appendRequestHeaders"));
        names(destination.getAppendResponseHeadersMap().keySet(), at.field("appendResponseHeaders"));
        list(destination.getRemoveRequestHeadersList(), at.field("removeRequestHeaders"));
        list(destination.getRemoveResponseHeadersList(), at.field("removeResponseHeaders"));
    }

    private void headers(Headers headers, FieldPath at) {
        operations(headers.getRequest(), at.field("request"));
        operations(headers.getResponse(), at.field("response"));
    }

    private void operations(HeaderOperations operations, FieldPath at) {
        names(operations.getSetMap().keySet(), at.field("set"));
        names(operations.getAddMap().keySet(), at.field("add"));
        list(operations.getRemoveList(), at.field("remove"));
    }

    private void names(Collection<String> names, FieldPath at) {
        names.forEach(name -> check.headerName(name, CODE, at.field(name)));
    }

    private void list(java.util.List<String> names, FieldPath at) {
        for (int i = 0; i < names.size(); i++) {
            check.headerName(names.get(i), CODE, at.item(i));
        }
    }
}
