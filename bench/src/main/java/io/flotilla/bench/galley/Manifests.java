package io.flotilla.bench.galley;

/** Objects as users and controllers write them. */
final class Manifests {
    private static final int RULES = 9;
    private static final int IDS = 256;

    private Manifests() {}

    /** A VirtualService of about 2 KB. */
    static String route(int number, int timeout) {
        StringBuilder text = new StringBuilder("""
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: route-%d, namespace: ns-%d}
                spec:
                  hosts: [service-%d]
                  http:
                """.formatted(number, number % 100, number));
        for (int i = 0; i < RULES; i++) {
            text.append("""
                      - name: rule-%d
                        match: [{uri: {prefix: /v%d/items}, headers: {x-user: {exact: user-%d}}}]
                        route:
                          - {destination: {host: service-%d, subset: v1}, weight: 90}
                          - {destination: {host: service-%d, subset: v2}, weight: 10}
                        timeout: %ds
                    """.formatted(i, i, number, number, number, timeout + i));
        }
        return text.toString();
    }

    static String service(int number, int namespaces) {
        return """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"service-%d","namespace":"ns-%d",\
                "labels":{"app":"app-%d"}},"spec":{"clusterIP":"10.%d.%d.%d","selector":{"app":"app-%d"},\
                "ports":[{"name":"http","port":80,"targetPort":8080,"protocol":"TCP"}]}}""".formatted(
                        number,
                        number % namespaces,
                        number,
                        number / IDS / IDS % IDS,
                        number / IDS % IDS,
                        number % IDS,
                        number);
    }

    /** A slice as the endpoint controller writes it. */
    static String slice(int number, int endpoints, int namespaces) {
        StringBuilder text = new StringBuilder("""
                {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"service-%d-abcde",\
                "namespace":"ns-%d","labels":{"app":"app-%d","kubernetes.io/service-name":"service-%d"}},\
                "addressType":"IPv4","ports":[{"name":"http","port":8080,"protocol":"TCP"}],"endpoints":[""".formatted(number, number % namespaces, number, number));
        for (int i = 0; i < endpoints; i++) {
            int id = number * endpoints + i;
            text.append(i == 0 ? "" : ",").append("""
                    {"addresses":["10.%d.%d.%d"],"conditions":{"ready":true,"serving":true,"terminating":false},\
                    "nodeName":"node-%d","zone":"zone-%d","targetRef":{"kind":"Pod","name":"app-%d-7d4b9c6f5-%05d",\
                    "namespace":"ns-%d","uid":"00000000-0000-0000-0000-%012d"}}""".formatted(
                            id / IDS / IDS % IDS,
                            id / IDS % IDS,
                            id % IDS,
                            id % 500,
                            id % 3,
                            number,
                            i,
                            number % namespaces,
                            id));
        }
        return text.append("]}").toString();
    }

    /** The pod behind an endpoint of {@link #slice}. */
    static String pod(int service, int endpoints, int ordinal, boolean ready, int namespaces) {
        int id = service * endpoints + ordinal;
        return """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"app-%d-7d4b9c6f5-%05d","namespace":"ns-%d",\
                "labels":{"app":"app-%d","version":"v%d"}},"spec":{"nodeName":"node-%d","containers":[{"name":"app"}]},\
                "status":{"phase":"Running","podIP":"10.%d.%d.%d","conditions":[{"type":"Ready","status":"%s"}]}}""".formatted(
                        service,
                        ordinal,
                        service % namespaces,
                        service,
                        1 + ordinal % 2,
                        id % 500,
                        id / IDS / IDS % IDS,
                        id / IDS % IDS,
                        id % IDS,
                        ready ? "True" : "False");
    }
}
