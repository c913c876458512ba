package io.github.phpdeploy.runtime.octane;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What Octane's state file shows, as its {@code octane:start} writes it for each server. */
class StateFileTest {

    private static StateFile parse(String state) {
        return StateFile.parse("/f", "r1", "{\"masterProcessId\": 4, \"state\": {" + state + "}}");
    }

    @Test
    void theServerIsTheOneThatWasStarted() {
        // octaneConfig has the server that config/octane.php names, which --server overrules
        String config = "\"octaneConfig\": {\"server\": \"frankenphp\"}";
        assertThat(parse("\"defaultServerOptions\": {}, \"taskWorkers\": 2, " + config)
                        .server())
                .contains(OctaneServer.SWOOLE);
        assertThat(parse("\"rpcPort\": 6001, " + config).server()).contains(OctaneServer.ROADRUNNER);
        assertThat(parse("\"adminPort\": 2019, " + config).server()).contains(OctaneServer.FRANKENPHP);
        assertThat(parse(config).server()).isEmpty();
    }

    @Test
    void theTimeThatOldWorkersGetIsSwoolesUnlessSet() {
        String swoole = "\"defaultServerOptions\": {}, \"octaneConfig\": {\"swoole\": ";
        assertThat(parse(swoole + "{\"options\": {\"max_wait_time\": 60}}}").maxWaitTime())
                .contains(60L);
        assertThat(parse(swoole + "{\"options\": []}}").maxWaitTime()).contains(3L);
        assertThat(parse("\"defaultServerOptions\": {}, \"octaneConfig\": []").maxWaitTime())
                .contains(3L);
        assertThat(parse("\"rpcPort\": 6001").maxWaitTime()).isEmpty();
    }

    @Test
    void whatIsHalfWrittenShowsNothing() {
        for (String text : new String[] {"", "{\"masterProcessId\": 4, \"sta", "[]", "{\"state\": null}", "null"}) {
            StateFile file = StateFile.parse("/f", "r1", text);
            assertThat(file.server()).isEmpty();
            assertThat(file.path()).isEqualTo("/f");
        }
    }
}
