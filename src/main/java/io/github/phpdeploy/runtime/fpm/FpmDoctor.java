package io.github.phpdeploy.runtime.fpm;

import java.util.ArrayList;
import java.util.List;

import io.github.phpdeploy.runtime.Finding;

/** What is wrong with an FPM that answers, as seen from the host and from inside its pool. */
final class FpmDoctor {

    private static final int RELEASES = 2;

    private final List<Finding> findings = new ArrayList<>();

    /**
     * Looks.
     *
     * @param look what the pool said
     * @param way how it would be brought to run another release
     * @param risk whether a graceful reload would lose requests
     */
    static List<Finding> findings(PoolLook look, FpmWay way, ReloadRisk risk) {
        FpmDoctor doctor = new FpmDoctor();
        doctor.paths(look);
        doctor.reload(way, risk);
        doctor.opcache(look);
        return List.copyOf(doctor.findings);
    }

    private void add(boolean harmful, String what, String cost, String fix) {
        findings.add(new Finding(harmful, what, cost, fix));
    }

    private void paths(PoolLook look) {
        boolean linked = !look.linked().isEmpty();
        if (linked) {
            add(
                    false,
                    "the web server passes unresolved paths ($document_root)",
                    "each deploy must reload php-fpm, and new requests wait until the slowest old one has ended",
                    "have nginx pass $realpath_root in SCRIPT_FILENAME and DOCUMENT_ROOT, after the include of"
                            + " fastcgi_params");
        }
        if (look.ini("opcache.revalidate_path").equals("1")) {
            add(
                    true,
                    "opcache.revalidate_path is 1",
                    "whether the web server resolves paths cannot be seen; where it does not, requests get a mixture of"
                            + " two releases",
                    "set opcache.revalidate_path = 0");
        }
        if (look.ini("realpath_cache_ttl").equals("0")) {
            add(
                    linked,
                    "realpath_cache_ttl is 0, and that means never",
                    "workers never notice that \"current\" leads elsewhere",
                    "set realpath_cache_ttl = 120; what switches it off is realpath_cache_size = 0");
        }
        if (!look.ini("opcache.preload").isEmpty()) {
            add(
                    false,
                    "opcache.preload is " + look.ini("opcache.preload"),
                    "preloaded code is that of the last reload, so each deploy must reload php-fpm",
                    "do without, or set process_control_timeout");
        }
    }

    private void reload(FpmWay way, ReloadRisk risk) {
        risk.risk()
                .ifPresent(loss -> add(
                        way.kind() == FpmWay.Kind.RELOAD,
                        loss.what(),
                        way.kind() == FpmWay.Kind.RELOAD
                                ? "deploys are refused"
                                : "nothing now, because no reload is needed; php:reload is refused",
                        loss.advice()));
        if (way.kind() == FpmWay.Kind.RELOAD) {
            for (String unknown : risk.warnings()) {
                int fix = unknown.indexOf("; ");
                add(
                        false,
                        unknown.substring(0, fix),
                        "a deploy cannot see beforehand that its reload loses requests",
                        unknown.substring(fix + 2));
            }
        }
    }

    private void opcache(PoolLook look) {
        if (look.opcacheIsSilent()) {
            add(
                    false,
                    "OPcache may not be asked (opcache.restrict_api or disable_functions)",
                    "how the web server passes paths is not known, so each deploy reloads php-fpm",
                    "allow opcache_get_status in this pool");
        }
        if (!look.hasOpcache()) {
            return;
        }
        Headroom headroom = Headroom.of(look, look.current());
        if (look.maxKeys() < (long) RELEASES * headroom.need().scripts()) {
            add(
                    true,
                    "OPcache has " + look.maxKeys() + " keys, and one release takes "
                            + headroom.need().scripts(),
                    "code that does not fit is compiled for every request",
                    "set opcache.max_accelerated_files to "
                            + 4L * headroom.need().scripts() + " or more");
        } else if (!headroom.suffices()) {
            add(
                    false,
                    headroom.words(),
                    "code that does not fit is compiled for every request, until the next deploy frees it",
                    "raise opcache.max_accelerated_files or opcache.memory_consumption");
        }
    }
}
