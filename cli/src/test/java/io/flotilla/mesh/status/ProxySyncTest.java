package io.flotilla.mesh.status;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProxySyncTest {
    @Test
    void aProxyIsInSyncWhenAllThatWasSentIsAccepted() {
        ProxySync sync = ProxySync.parse("""
                [{"node":"sidecar~10.44.1.2~a-0.shop~shop.svc.cluster.local","types":{
                   "CDS":{"sent":"1","acked":"1","rejected":"","message":""},
                   "LDS":{"sent":"2","acked":"2","rejected":"","message":""},
                   "RDS":{"sent":"","acked":"","rejected":"","message":""}}},
                 {"node":"sidecar~10.44.1.3~b-0.shop~shop.svc.cluster.local","types":{
                   "CDS":{"sent":"1","acked":"1","rejected":"","message":""},
                   "LDS":{"sent":"2","acked":"","rejected":"2","message":"no such filter"}}},
                 {"node":"sidecar~10.44.1.4~c-0.shop~shop.svc.cluster.local","types":{
                   "CDS":{"sent":"1","acked":"1","rejected":"","message":""}}}]
                """);

        assertThat(sync.isSynced("a-0", "shop")).isTrue();
        assertThat(sync.isSynced("b-0", "shop")).isFalse();
        assertThat(sync.message("b-0", "shop")).isEqualTo("no such filter");
        assertThat(sync.isSynced("c-0", "shop"))
                .as("listeners are still missing")
                .isFalse();
        assertThat(sync.isSynced("unknown", "shop")).isFalse();
    }
}
