package io.github.phpdeploy.deploy;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.HostAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What users write is checked before anything is done with it. */
class RequestPartsTest {

    private static Target target(String path) {
        return new Target(HostAddress.parse("web1"), Optional.empty(), path);
    }

    @Test
    void aDeployPathIsTrimmed() {
        assertThat(target("/srv/shop//").deployPath()).isEqualTo("/srv/shop");
        assertThat(target("/srv/my shop $x").deployPath()).isEqualTo("/srv/my shop $x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "srv/shop", "./srv", "~/shop", "/", "//", "/srv/../etc", "/srv/a\nb", "C:\\shop"})
    void aDeployPathThatMakesNoSenseIsRefused(String path) {
        assertThatThrownBy(() -> target(path))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("php.deployPath");
    }

    @Test
    void aWayOfTransferThatIsNoneIsRefused() {
        assertThat(Transfer.of(" Stream ")).isEqualTo(Transfer.STREAM);
        assertThatThrownBy(() -> Transfer.of("ftp"))
                .hasMessage("php.transfer is \"ftp\"; set it to auto, stream or sftp.");
        assertThatThrownBy(() -> new Target(HostAddress.parse("local"), Optional.empty(), "/srv/shop", Transfer.SFTP))
                .hasMessageContaining("php.transfer is sftp, and local is no host behind SSH");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/storage", "../x", "a/../b", ".", "a/./b", "a//b", "a\nb"})
    void aSharedPathThatLeadsOutIsRefused(String path) {
        assertThatThrownBy(() -> new Shared(List.of(path), List.of()))
                .isInstanceOf(PhpDeployException.class)
                .hasMessageContaining("is no path inside the application");
        assertThatThrownBy(() -> new Writable(List.of(path), Optional.empty(), List.of()))
                .isInstanceOf(PhpDeployException.class);
    }

    @Test
    void sharedPathsDoNotLieInEachOther() {
        assertThat(new Shared(List.of("./storage/", "storage2"), List.of()).paths())
                .containsExactly("storage", "storage2");
        assertThatThrownBy(() ->
                        new Shared(List.of("storage"), List.of(new Shared.File("storage/a.txt", Optional.empty()))))
                .hasMessageContaining("which lie in each other");
        assertThatThrownBy(() -> new Shared(List.of("a", "a/"), List.of())).hasMessageContaining("lie in each other");
    }

    @Test
    void modesAndAccountsAreChecked() {
        assertThatThrownBy(() -> new Writable(List.of("a"), Optional.of("rwx"), List.of()))
                .hasMessageContaining("in octal");
        assertThatThrownBy(() -> new Writable(List.of("a"), Optional.empty(), List.of("www data")))
                .hasMessageContaining("name of an account");
    }

    @Test
    void theInitiatorIsWhoCiSaysItIs() {
        Initiator gitlab =
                Initiator.of(Map.of("GITLAB_USER_LOGIN", "alice", "CI_JOB_URL", "https://gitlab.example.com/-/jobs/1"));
        assertThat(gitlab.operator()).isEqualTo("alice");
        assertThat(gitlab.job()).isEqualTo("https://gitlab.example.com/-/jobs/1");
        Initiator github =
                Initiator.of(Map.of("GITHUB_ACTOR", "bob", "GITHUB_RUN_ID", "7", "GITHUB_REPOSITORY", "a/b"));
        assertThat(github.operator()).isEqualTo("bob");
        assertThat(github.job()).isEqualTo("https://github.com/a/b/actions/runs/7");
        Initiator shell = Initiator.of(Map.of());
        assertThat(shell.operator()).isEqualTo(System.getProperty("user.name"));
        assertThat(shell.job()).isEmpty();
        assertThat(shell.machine()).isNotBlank();
    }

    @Test
    void bytesAreShownInUnits() {
        assertThat(LogWords.bytes(999)).isEqualTo("999 B");
        assertThat(LogWords.bytes(1000)).isEqualTo("1.0 kB");
        assertThat(LogWords.bytes(999_949)).isEqualTo("999.9 kB");
        assertThat(LogWords.bytes(999_999)).isEqualTo("1.0 MB");
        assertThat(LogWords.bytes(1_500_000_000_000_000L)).isEqualTo("1500.0 TB");
    }
}
