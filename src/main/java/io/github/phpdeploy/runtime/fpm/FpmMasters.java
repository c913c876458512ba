package io.github.phpdeploy.runtime.fpm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.github.phpdeploy.PhpDeployException;
import io.github.phpdeploy.host.Complaint;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;
import io.github.phpdeploy.runtime.Place;
import io.github.phpdeploy.runtime.replace.Placeholders;
import io.github.phpdeploy.runtime.replace.Seat;
import io.github.phpdeploy.runtime.replace.ServerKind;

/**
 * Masters of PHP-FPM that are replaced by another: each has a configuration and a socket of its own, is tested before it is
 * started, and asked over FastCGI.
 *
 * @param settings how its pool is asked
 * @param pair how the two are configured
 */
record FpmMasters(FpmSettings settings, FpmPair pair) implements ServerKind {

    private static final Script SCRIPT = Script.of(FpmMasters.class, "pair.sh");

    private static final String UPSTREAM =
            "# release ${release}\nset $php_backend ${server};\nset $php_release ${releasePath};";

    @Override
    public String upstream() {
        return UPSTREAM;
    }

    @Override
    public Candidate candidate(Place place, Seat seat, String release) {
        ScriptResult result = place.host()
                .run(
                        SCRIPT,
                        List.of(
                                place.deployPath(),
                                seat.color(),
                                seat.address(),
                                release,
                                pair.program().orElse(""),
                                pair.config()
                                        .map(path -> fill(path, place, seat, release))
                                        .orElse(""),
                                pair.template().orElse(""),
                                settings.control().test().orElse(""),
                                settings.control().sudo() ? "1" : "0"));
        if (!result.ok()) {
            throw failure(place, seat, release, result);
        }
        String program = "";
        String file = "";
        List<String> config = new ArrayList<>();
        for (String line : result.lines()) {
            int blank = line.indexOf(' ');
            String value = Printable.line(line.substring(blank + 1));
            switch (line.substring(0, Math.max(0, blank))) {
                case "program" -> program = value;
                case "file" -> file = value;
                case "config" -> config.add(value);
                default -> {}
            }
        }
        return new Master(place, seat, release, program, file, section(place, seat, file, FpmConfig.parse(config)));
    }

    private static String fill(String text, Place place, Seat seat, String release) {
        return Placeholders.fill(text, seat, release, place.release(release));
    }

    /** The pool that is to listen at the seat. */
    private static FpmConfig.Section section(Place place, Seat seat, String file, FpmConfig config) {
        if (!config.isKnown()) {
            return new FpmConfig.Section("", java.util.Map.of());
        }
        return config.pool(Optional.of(seat.address()))
                .orElseThrow(() -> new PhpDeployException(
                        "no pool of " + file + " on " + place.host().name() + " has \"listen = " + seat.address()
                                + "\"",
                        "write \"listen = ${socket}\" in php.fpm.template, or name in php.replace.sockets what the two"
                                + " files of php.fpm.config say"));
    }

    private PhpDeployException failure(Place place, Seat seat, String release, ScriptResult result) {
        String where = " on " + place.host().name();
        String file = pair.template()
                .orElse(pair.config()
                        .map(path -> fill(path, place, seat, release))
                        .orElse(""));
        String said = result.complaint();
        return switch (result.exitCode()) {
            case 18 ->
                new PhpDeployException(
                        "there is no " + file + where + " that could be read",
                        "write it, or correct php.fpm.template or php.fpm.config");
            case 19 ->
                new PhpDeployException("no php-fpm was found" + where, "install it, or name it with php.fpm.program");
            case 23 ->
                new PhpDeployException(
                        "the configuration of the new master, " + file + where + ", does not pass its test: " + said,
                        "correct it until \"php-fpm -t -y FILE\" passes" + where);
            default -> Complaint.of("the new master of php-fpm could not be configured", place.host(), result);
        };
    }

    /** One of the two, asked over FastCGI. */
    private final class Master implements Candidate {

        private final Place place;
        private final String release;
        private final String program;
        private final String config;
        private final FpmConfig.Section section;
        private final Pool pool;
        private final FpmService service;

        Master(Place place, Seat seat, String release, String program, String config, FpmConfig.Section section) {
            this.place = place;
            this.release = release;
            this.program = program;
            this.config = config;
            this.section = section;
            this.pool = new Pool(place.host(), seat.address());
            FpmWay way = new FpmWay(FpmWay.Kind.NOTHING, "this master was started for it", true);
            this.service = new FpmService(place, settings, null, null, pool, section, true, way, List.of());
        }

        @Override
        public String command() {
            return "\"${program}\" --daemonize --fpm-config \"${config}\"";
        }

        @Override
        public String program() {
            return program;
        }

        @Override
        public String config() {
            return config;
        }

        @Override
        public String tried() {
            String seen = service.preview(release).orElse("its pool answers");
            checkPreload();
            return seen;
        }

        /** What was loaded when it started must be the release's, and nobody may bring it paths of another. */
        private void checkPreload() {
            String preload;
            try (FpmProbe probe = FpmService.plant(place, settings, pool, section)
                    .orElseThrow(() -> new PhpDeployException(
                            "there is no directory " + place.deployPath() + " on "
                                    + place.host().name(),
                            "correct php.deployPath"))) {
                preload = probe.look().ini("opcache.preload");
            }
            if (preload.isEmpty()) {
                return;
            }
            boolean inside = preload.startsWith(place.deployPath() + "/");
            if (inside && !preload.startsWith(place.release(release) + "/")) {
                throw new PhpDeployException(
                        "the new master on " + place.host().name() + " has preloaded " + preload
                                + ", which is not of release " + release + ": current is switched later",
                        "start it with -d opcache.preload=${releasePath}/preload.php in php.replace.start, or with"
                                + " ${RELEASE_PATH} in its systemd unit");
            }
            String written = pair.replace().upstream().content().orElse(UPSTREAM);
            boolean together = pair.replace().upstream().command().isPresent()
                    || written.contains("${release}")
                    || written.contains("${releasePath}");
            if (!together && !settings.allowDrops()) {
                throw new PhpDeployException(
                        "with opcache.preload, requests between the switch of current and that of the proxy would be"
                                + " executed by a mixture of two releases on "
                                + place.host().name(),
                        "let php.replace.upstreamContent set the root to ${releasePath} together with the socket");
            }
        }

        @Override
        public String proved() {
            return service.prove(release).orElse("its pool answers");
        }
    }
}
