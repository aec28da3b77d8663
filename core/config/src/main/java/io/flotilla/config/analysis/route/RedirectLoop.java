package io.flotilla.config.analysis.route;

import io.flotilla.api.networking.v1alpha3.HTTPMatchRequest;
import io.flotilla.api.networking.v1alpha3.HTTPRedirect;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.StringMatch;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import java.util.List;

/** A redirect that leads to itself. */
final class RedirectLoop implements Check {
    private static final Entry LOOP = Entry.warning("FA0224", "a redirect leads back to the rule that sends it", """
            The rule sends callers to an address that the same rule takes again: authority, scheme and port stay as
            they are and the new path fits the match. Callers go round until they give up. Change the path, scheme or
            authority of the redirect, or narrow the match.""");

    @Override
    public List<Entry> entries() {
        return List.of(LOOP);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<VirtualService> service : mesh.virtualServices()) {
            for (HttpMatch match : HttpMatch.of(service.spec())) {
                HTTPRoute route = service.spec().getHttp(match.rule());
                if (route.hasRedirect() && loops(service, match, route.getRedirect())) {
                    findings.report(
                            LOOP,
                            service,
                            Paths.item("http", match.rule()).field("redirect"),
                            "leads to a request that " + match.at() + " takes again");
                }
            }
        }
    }

    private static boolean loops(Config<VirtualService> service, HttpMatch match, HTTPRedirect redirect) {
        HTTPMatchRequest conditions = match.match();
        boolean sameAuthority = redirect.getAuthority().isEmpty()
                || service.spec().getHostsList().contains(redirect.getAuthority());
        boolean samePort = redirect.getScheme().isEmpty()
                && redirect.getRedirectPortCase() == HTTPRedirect.RedirectPortCase.REDIRECTPORT_NOT_SET;
        boolean onlyPath = conditions.getHeadersCount() == 0
                && conditions.getWithoutHeadersCount() == 0
                && conditions.getQueryParamsCount() == 0
                && !conditions.hasMethod()
                && !conditions.hasScheme()
                && !conditions.hasAuthority();
        if (!sameAuthority || !samePort || !onlyPath) {
            return false;
        }
        HTTPMatchRequest next = HTTPMatchRequest.newBuilder()
                .setUri(StringMatch.newBuilder().setExact(redirect.getUri()))
                .build();
        return redirect.getUri().isEmpty() || Strings.coversPath(conditions, next);
    }
}
