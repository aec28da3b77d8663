package io.flotilla.config.gatewayapi;

import io.flotilla.config.gatewayapi.Attachments.Attachment;
import io.flotilla.config.gatewayapi.BoundListener.Form;
import io.flotilla.config.snapshot.Hostnames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where two routes cannot both be had at a listener: the older one stays. */
final class RouteConflicts {
    private RouteConflicts() {}

    /** The routes without what gives way; they come oldest first. */
    static List<BoundRoute> settled(List<BoundRoute> routes) {
        List<BoundRoute> settled = new ArrayList<>(routes);
        Map<String, List<Attachment>> taken = new HashMap<>();
        for (int i = 0; i < settled.size(); i++) {
            int place = i;
            for (Attachment attachment : routes.get(i).attachments()) {
                String at = attachment.listener().gateway().key() + " "
                        + attachment.listener().listener().getName();
                // Routes of one kind for requests are had together: only those of the other kind are looked at.
                boolean http = attachment.route().isHttp();
                String rivals = at + (http ? " " + !attachment.route().isGrpc() : "");
                List<Attachment> own = taken.computeIfAbsent(
                        at + (http ? " " + attachment.route().isGrpc() : ""), each -> new ArrayList<>());
                taken.getOrDefault(rivals, List.of()).stream()
                        .filter(other -> conflict(attachment, other))
                        .findFirst()
                        .ifPresentOrElse(
                                other -> settled.set(
                                        place,
                                        settled.get(place)
                                                .refusing(
                                                        attachment,
                                                        "listener "
                                                                + attachment
                                                                        .listener()
                                                                        .listener()
                                                                        .getName() + " already has "
                                                                + other.route()
                                                                        .config()
                                                                        .key())),
                                () -> own.add(attachment));
            }
        }
        return settled;
    }

    private static boolean conflict(Attachment one, Attachment other) {
        Form form = one.listener().form().orElse(Form.TCP);
        if (one.route().equals(other.route())) {
            return false;
        }
        if (form == Form.TCP || form == Form.TERMINATED) {
            return true;
        }
        return one.route().isHttp()
                && one.route().isGrpc() != other.route().isGrpc()
                && one.hosts().stream()
                        .anyMatch(host ->
                                other.hosts().stream().anyMatch(each -> Hostnames.matches(host.name(), each.name())));
    }
}
