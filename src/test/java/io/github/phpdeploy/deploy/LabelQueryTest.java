package io.github.phpdeploy.deploy;

import io.github.phpdeploy.PhpDeployException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LabelQueryTest {

    private static final Labels WEB = Labels.parse("role=web, stage=prod canary");

    @ParameterizedTest
    @CsvSource({
        "role=web, true",
        "role=db, false",
        "role!=db, true",
        "colour!=blue, true",
        "colour=blue, false",
        "canary, true",
        "!canary, false",
        "colour, false",
        "role=web & stage!=dr, true",
        "role = web && stage = dr, false",
        "role=db | stage=prod, true",
        "role=db & stage=prod | canary, true",
        "role=db & (stage=prod | canary), false",
        "role=db || !(stage=dr | colour), true",
        "canary=, true"
    })
    void chooses(String query, boolean chosen) {
        assertThat(LabelQuery.parse(query).test(WEB)).isEqualTo(chosen);
    }

    @ParameterizedTest
    @CsvSource({
        "role=web &, lacks a label at its end",
        "'', lacks a label at its end",
        "& canary, lacks a label before \"&\"",
        "(canary, lacks a closing parenthesis",
        "canary), 'goes on after its end, at \")\"'",
        "role web, 'goes on after its end, at \"web\"'",
        "role=web & %, is not understood from",
        "role=web;stage=dr, is not understood from \";stage=dr\""
    })
    void whatMakesNoSenseIsAnError(String query, String what) {
        assertThatThrownBy(() -> LabelQuery.parse(query))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("php.on, \"" + query + "\", " + what)
                .hasMessageContaining("role=web & stage!=dr");
    }

    @Test
    void labelsAreReadAndWritten() {
        assertThat(WEB).hasToString("canary, role=web, stage=prod");
        assertThat(Labels.parse(" ")).isEqualTo(Labels.NONE);
        assertThatThrownBy(() -> Labels.parse("role=web role=db")).hasMessageContaining("role is given twice");
        assertThatThrownBy(() -> Labels.parse("role=we$b")).hasMessageContaining("\"role=we$b\" is no label");
    }
}
