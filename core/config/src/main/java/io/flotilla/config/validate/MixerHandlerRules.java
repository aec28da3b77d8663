package io.flotilla.config.validate;

import com.google.protobuf.Message;
import io.flotilla.api.policy.v1beta1.Authentication;
import io.flotilla.api.policy.v1beta1.Connection;
import io.flotilla.api.policy.v1beta1.Handler;
import io.flotilla.api.policy.v1beta1.Mutual;
import io.flotilla.api.policy.v1beta1.Tls;
import io.flotilla.config.mixer.Adapter;
import io.flotilla.config.mixer.Adapters;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.schema.Spelling;
import java.util.List;

/** Handlers: adapters with their settings. */
final class MixerHandlerRules {
    private final Check check;

    private MixerHandlerRules(Check check) {
        this.check = check;
    }

    /** kind: handler. */
    static void handler(Config<Handler> config, Check check) {
        new MixerHandlerRules(check).handler(config.spec(), Check.spec());
    }

    /** kind: memquota, and the like: the shorthand of an adapter. */
    static Check.Rules<Message> shorthand(Adapter adapter) {
        return (config, check) -> {
            check.warning(
                    "FL0460",
                    FieldPath.ROOT.field("kind"),
                    "is deprecated; write \"kind: handler\" with \"compiledAdapter: " + adapter.name()
                            + "\" and these fields under \"params\"");
            AdapterRules.check(config.spec(), Check.spec(), check);
        };
    }

    private void handler(Handler handler, FieldPath at) {
        boolean compiled = !handler.getCompiledAdapter().isEmpty();
        boolean outside = !handler.getAdapter().isEmpty();
        if (compiled == outside) {
            check.error("FL0418", at, "needs compiledAdapter or adapter" + (compiled ? ", not both" : ""));
        }
        if (compiled) {
            builtIn(handler, at);
        } else if (outside) {
            MixerNames.reference(handler.getAdapter(), List.of("adapter"), at.field("adapter"), check);
            connection(handler.getConnection(), at.field("connection"));
        }
    }

    private void builtIn(Handler handler, FieldPath at) {
        if (handler.hasConnection()) {
            check.warning("FL0461", at.field("connection"), "has no effect: the adapter is built in");
        }
        FieldPath params = at.field("params");
        Adapters.find(handler.getCompiledAdapter())
                .ifPresentOrElse(
                        adapter -> check.settings(
                                adapter.params(),
                                handler.getParams(),
                                params,
                                (message, inner) -> AdapterRules.check(message, params, inner)),
                        () -> check.error(
                                "FL0418",
                                at.field("compiledAdapter"),
                                "unknown adapter \"" + handler.getCompiledAdapter() + "\""
                                        + Spelling.suggestion(handler.getCompiledAdapter(), Adapters.names())
                                        + "; built in are " + String.join(", ", Adapters.names())));
    }

    private void connection(Connection connection, FieldPath at) {
        check.require(
                MixerNames.isAddress(connection.getAddress()),
                "FL0419",
                at.field("address"),
                connection.getAddress().isEmpty()
                        ? "is required: the adapter is a process of its own"
                        : "\"" + connection.getAddress() + "\" is no HOST:PORT");
        if (connection.hasTimeout()) {
            check.duration(connection.getTimeout(), at.field("timeout"));
        }
        Authentication authentication = connection.getAuthentication();
        switch (authentication.getAuthTypeCase()) {
            case TLS -> tls(authentication.getTls(), at.field("authentication").field("tls"));
            case MUTUAL ->
                mutual(authentication.getMutual(), at.field("authentication").field("mutual"));
            case AUTHTYPE_NOT_SET ->
                check.require(
                        !connection.hasAuthentication(), "FL0419", at.field("authentication"), "needs tls or mutual");
        }
    }

    private void tls(Tls tls, FieldPath at) {
        boolean token = tls.getTokenSourceCase() != Tls.TokenSourceCase.TOKENSOURCE_NOT_SET;
        boolean header = tls.getTokenTypeCase() != Tls.TokenTypeCase.TOKENTYPE_NOT_SET;
        if (header && !token) {
            check.error("FL0419", at, "needs tokenPath or oauth: there is no token to put into the header");
        }
        if (tls.hasCustomHeader()) {
            check.headerName(tls.getCustomHeader(), "FL0419", at.field("customHeader"));
        }
        if (tls.hasOauth()) {
            FieldPath oauth = at.field("oauth");
            check.require(!tls.getOauth().getClientId().isEmpty(), "FL0419", oauth.field("clientId"), "is required");
            check.require(
                    !tls.getOauth().getClientSecret().isEmpty(), "FL0419", oauth.field("clientSecret"), "is required");
            check.require(
                    Urls.isWeb(tls.getOauth().getTokenUrl()),
                    "FL0419",
                    oauth.field("tokenUrl"),
                    "\"" + tls.getOauth().getTokenUrl() + "\" is no http or https URL");
        }
    }

    private void mutual(Mutual mutual, FieldPath at) {
        check.require(
                mutual.getPrivateKey().isEmpty()
                        == mutual.getClientCertificate().isEmpty(),
                "FL0419",
                at,
                "privateKey and clientCertificate are given both or not at all");
    }
}
