package io.flotilla.galley.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.config.model.Kind;
import org.junit.jupiter.api.Test;

class PruningTest {
    private static final Target PODS = new Target(Kind.POD, "v1", "pods", true, Target.Only.ALL);
    private static final Target ROUTES =
            new Target(Kind.VIRTUAL_SERVICE, "v1", "virtualservices", true, Target.Only.ALL);

    private static String prune(String object, Target target) throws JsonProcessingException {
        String json = object.replace('\'', '"');
        return Pruning.prune(new ObjectMapper().readTree(json), target)
                .toString()
                .replace('"', '\'');
    }

    @Test
    void keepsTheSpecAndLeavesOutWhoWroteItAndWhatBecameOfIt() throws JsonProcessingException {
        assertThat(prune("""
                        {'metadata': {'name': 'a', 'namespace': 'n', 'resourceVersion': '7', 'generation': 2,
                          'managedFields': [{'manager': 'kubectl'}],
                          'annotations': {'kubectl.kubernetes.io/last-applied-configuration': '{}', 'x': 'y'}},
                         'spec': {'hosts': ['a']}, 'status': {'conditions': []}}
                        """, ROUTES))
                .isEqualTo("{'apiVersion':'networking.istio.io/v1','kind':'VirtualService',"
                        + "'metadata':{'name':'a','namespace':'n','annotations':{'x':'y'},'generation':2},"
                        + "'spec':{'hosts':['a']}}");
    }

    @Test
    void keepsOfAPodWhatTheRegistryTellsOfIt() throws JsonProcessingException {
        assertThat(prune("""
                        {'metadata': {'name': 'p', 'namespace': 'n', 'labels': {'app': 'a'}},
                         'spec': {'serviceAccountName': 's', 'nodeName': 'm', 'volumes': [{'name': 'v'}],
                           'containers': [{'name': 'c', 'image': 'i', 'env': [{'name': 'PASSWORD', 'value': 'x'}],
                             'ports': [{'containerPort': 80}]}]},
                         'status': {'phase': 'Running', 'podIP': '10.0.0.1',
                           'conditions': [{'type': 'Ready', 'status': 'True', 'lastProbeTime': null}],
                           'containerStatuses': [{'name': 'c'}]}}
                        """, PODS))
                .isEqualTo(
                        "{'apiVersion':'v1','kind':'Pod',"
                                + "'metadata':{'name':'p','namespace':'n','labels':{'app':'a'}},"
                                + "'spec':{'nodeName':'m','serviceAccountName':'s',"
                                + "'containers':[{'name':'c','image':'i','ports':[{'containerPort':80}]}]},"
                                + "'status':{'phase':'Running','podIP':'10.0.0.1','conditions':[{'type':'Ready','status':'True'}]}}");
    }

    @Test
    void keepsTheAddressOfALoadBalancer() throws JsonProcessingException {
        Target services = new Target(Kind.SERVICE, "v1", "services", true, Target.Only.ALL);
        assertThat(prune("""
                        {'metadata': {'name': 's', 'namespace': 'n'}, 'spec': {'type': 'LoadBalancer'},
                         'status': {'loadBalancer': {'ingress': [{'ip': '10.0.0.1'}]}, 'conditions': []}}
                        """, services)).endsWith("'status':{'loadBalancer':{'ingress':[{'ip':'10.0.0.1'}]}}}");
    }

    @Test
    void keepsOfAnEndpointWhatIsNotAsUsual() throws JsonProcessingException {
        Target slices = new Target(Kind.ENDPOINT_SLICE, "v1", "endpointslices", true, Target.Only.ALL);
        assertThat(prune("""
                        {'metadata': {'name': 's'}, 'addressType': 'IPv4', 'ports': [{'port': 80}], 'endpoints': [
                          {'addresses': ['10.0.0.1'], 'nodeName': 'm', 'zone': 'z',
                           'conditions': {'ready': true, 'serving': true, 'terminating': false},
                           'targetRef': {'kind': 'Pod', 'name': 'p', 'namespace': 'n', 'uid': 'u'}},
                          {'addresses': ['10.0.0.2'], 'conditions': {'ready': false, 'serving': true}}]}
                        """, slices))
                .isEqualTo("{'apiVersion':'discovery.k8s.io/v1','kind':'EndpointSlice',"
                        + "'metadata':{'name':'s'},'addressType':'IPv4','ports':[{'port':80}],'endpoints':["
                        + "{'addresses':['10.0.0.1'],'nodeName':'m','targetRef':{'kind':'Pod','name':'p'}},"
                        + "{'addresses':['10.0.0.2'],'conditions':{'ready':false,'serving':true}}]}");
    }
}
