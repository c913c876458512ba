package io.github.phpdeploy;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PhpDeployExceptionTest {

    @Test
    void readsAsOneSentence() {
        PhpDeployException error = new PhpDeployException("the disk is full", "free some space");
        assertThat(error).hasMessage("the disk is full; free some space.");
        assertThat(error.withState("nothing was changed"))
                .hasMessage("the disk is full; nothing was changed; free some space.");
    }

    @Test
    void keepsTheStateThatWasSaidFirst() {
        PhpDeployException error = new PhpDeployException("a", "b").withState("near");
        assertThat(error.withState("far")).isSameAs(error);
    }

    @Test
    void keepsItsCause() {
        Exception cause = new Exception();
        assertThat(new PhpDeployException("a", "b", cause).withState("c")).hasCause(cause);
    }
}
