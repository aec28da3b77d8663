package io.flotilla.galley.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.Origin;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusMergeTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.5Z");

    private static String patch(String object, String wanted) throws Exception {
        Struct.Builder status = Struct.newBuilder();
        JsonFormat.parser().merge(wanted.replace('\'', '"'), status);
        return StatusMerge.patch(new ObjectMapper().readTree(object.replace('\'', '"')), status.build(), NOW)
                .map(patch -> patch.toString().replace('"', '\''))
                .orElse("nothing");
    }

    @Test
    void addsGenerationAndTimeAndKeepsConditionsOfOthers() throws Exception {
        assertThat(patch("""
                        {'metadata': {'generation': 3, 'resourceVersion': '77'}, 'status': {'conditions': [
                          {'type': 'Reconciled', 'status': 'True'},
                          {'type': 'Accepted', 'status': 'False', 'lastTransitionTime': 'before'}]}}
                        """, "{'conditions': [{'type': 'Accepted', 'status': 'True', 'reason': 'Accepted'}]}"))
                .isEqualTo("{'metadata':{'resourceVersion':'77'},'status':{'conditions':["
                        + "{'type':'Reconciled','status':'True'},{'type':'Accepted','status':'True','reason':'Accepted',"
                        + "'observedGeneration':3,'lastTransitionTime':'2026-01-01T00:00:00Z'}]}}");
    }

    @Test
    void writesNothingWhereTheStatusSaysItAlready() throws Exception {
        assertThat(patch("""
                        {'metadata': {'generation': 3}, 'status': {'conditions': [{'type': 'Accepted', 'status': 'True',
                          'observedGeneration': 3, 'lastTransitionTime': 'before'}], 'address': 'x'}}
                        """, "{'conditions': [{'type': 'Accepted', 'status': 'True'}]}"))
                .isEqualTo("nothing");
    }

    @Test
    void theTimeOfATransitionStaysWhileTheStatusDoes() throws Exception {
        assertThat(patch("""
                        {'metadata': {'generation': 4}, 'status': {'conditions': [{'type': 'Accepted', 'status': 'True',
                          'observedGeneration': 3, 'lastTransitionTime': 'before'}]}}
                        """, "{'conditions': [{'type': 'Accepted', 'status': 'True'}]}"))
                .contains("'observedGeneration':4,'lastTransitionTime':'before'");
    }

    @Test
    void entriesOfOtherControllersStayAndOursKeepTheirTimes() throws Exception {
        assertThat(patch("""
                        {'metadata': {'generation': 1}, 'status': {'parents': [
                          {'controllerName': 'other', 'parentRef': {'name': 'g'}},
                          {'controllerName': 'ours', 'parentRef': {'name': 'g'}, 'conditions': [
                            {'type': 'Accepted', 'status': 'True', 'lastTransitionTime': 'before'}]},
                          {'controllerName': 'ours', 'parentRef': {'name': 'old'}}]}}
                        """, """
                        {'parents': [{'controllerName': 'ours', 'parentRef': {'name': 'g'}, 'attachedRoutes': 2,
                          'conditions': [{'type': 'Accepted', 'status': 'True'}]}]}
                        """))
                .isEqualTo(
                        "{'metadata':{'resourceVersion':''},'status':{'parents':["
                                + "{'controllerName':'other','parentRef':{'name':'g'}},"
                                + "{'controllerName':'ours','parentRef':{'name':'g'},'attachedRoutes':2,'conditions':["
                                + "{'type':'Accepted','status':'True','observedGeneration':1,'lastTransitionTime':'before'}]}]}}");
    }

    @Test
    void whatIsWrongStandsInTheConditionAndInTheMessages() {
        Struct status = ObjectStatuses.status(
                List.of(new Diagnostic(
                        Severity.ERROR, "FL0010", new Origin("a", 1), "o", "spec.x", "unknown field \"x\"")),
                List.of(new Diagnostic(Severity.WARNING, "FL0007", new Origin("a", 1), "o", "", "is twice")));
        assertThat(StatusMerge.json(com.google.protobuf.Value.newBuilder()
                                .setStructValue(status)
                                .build())
                        .toString()
                        .replace('"', '\''))
                .isEqualTo("{'conditions':[{'type':'Accepted','status':'False','reason':'Invalid',"
                        + "'message':'spec.x: unknown field \\'x\\''}],'validationMessages':["
                        + "{'type':{'code':'FL0010'},'level':'ERROR','message':'unknown field \\'x\\'','path':'spec.x'},"
                        + "{'type':{'code':'FL0007'},'level':'WARNING','message':'is twice','path':''}]}");
    }
}
