package io.github.phpdeploy.deploy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

import io.github.phpdeploy.host.Complaint;
import io.github.phpdeploy.host.Host;
import io.github.phpdeploy.host.Printable;
import io.github.phpdeploy.host.Script;
import io.github.phpdeploy.host.ScriptResult;
import io.github.phpdeploy.release.ShellSite;
import io.github.phpdeploy.release.Site;
import io.github.phpdeploy.release.SiteState;
import io.github.phpdeploy.runtime.Finding;
import io.github.phpdeploy.runtime.Writes;

/** What is wrong with a host itself, whatever runs the code there. */
final class HostDoctor {

    private static final Script SCRIPT = Script.of(HostDoctor.class, "host-doctor.sh");

    /** How far clocks may be apart: a host says whole seconds, and an answer takes its time. */
    private static final Duration SKEW = Duration.ofSeconds(5);

    private static final String DEPLOY_FAILS = "the next deploy fails";

    private final Site site;
    private final List<Finding> findings = new ArrayList<>();

    private HostDoctor(Site site) {
        this.site = site;
    }

    /**
     * Looks. Changes nothing.
     *
     * @param site the deploy path, by a shell or by SFTP; less is seen by SFTP
     * @param writes what the code may write into; empty where nobody can tell
     * @param written the directories that it should be able to write into
     * @return what was found
     */
    static List<Finding> findings(Site site, Optional<Writes> writes, List<String> written) {
        HostDoctor doctor = new HostDoctor(site);
        Instant before = Instant.now();
        SiteState state = site.inspect();
        doctor.clock(state.time(), before, Instant.now());
        if (site instanceof ShellSite) {
            if (!state.tools().contains("zstd")) {
                doctor.add(
                        false,
                        "there is no zstd",
                        "uploads of more than 8 MiB are compressed with gzip, and take longer",
                        "install the package zstd");
            }
            doctor.shell(state, writes.map(Writes::account).orElse(""), written);
        }
        writes.ifPresent(seen -> seen.refused().forEach(directory -> doctor.refused(seen.account(), directory)));
        return List.copyOf(doctor.findings);
    }

    private void add(boolean harmful, String what, String cost, String fix) {
        findings.add(new Finding(harmful, what, cost, fix));
    }

    private void clock(Instant there, Instant before, Instant after) {
        Duration ahead = Duration.between(after, there);
        Duration behind = Duration.between(there, before);
        Duration skew = ahead.compareTo(behind) > 0 ? ahead : behind;
        if (skew.compareTo(SKEW) > 0) {
            add(
                    false,
                    "its clock is " + skew.toSeconds() + " s " + (ahead.isNegative() ? "behind" : "ahead of")
                            + " this machine's",
                    "releases are named and sorted by the time of whoever deploys, the journal too; a rollback may take"
                            + " another release than expected",
                    "have both keep time by NTP (timedatectl set-ntp true)");
        }
    }

    private void shell(SiteState state, String account, List<String> written) {
        List<String> arguments = new ArrayList<>(List.of(site.path(), account));
        arguments.addAll(written);
        Host host = site.host();
        ScriptResult result = host.run(SCRIPT, arguments);
        if (!result.ok()) {
            throw Complaint.of("the host could not be examined", host, result);
        }
        String me = "";
        long kibibytes = 0;
        long inodes = 0;
        Set<String> bare = new LinkedHashSet<>();
        for (String line : result.lines()) {
            int blank = line.indexOf(' ');
            String value = Printable.line(line.substring(blank + 1)).strip();
            switch (line.substring(0, Math.max(0, blank))) {
                case "account" -> me = value;
                case "unwritable" -> unwritable(value, me);
                case "mv" -> plainMv();
                case "kibibytes" -> kibibytes = number(value);
                case "inodes" -> inodes = number(value);
                case "bare" -> bare.add(value);
                default -> {}
            }
        }
        room("KiB", kibibytes, state.freeKibibytes(), false);
        room("inodes", inodes, state.freeInodes(), true);
        for (String directory : bare) {
            add(
                    false,
                    directory + " has no default ACL for " + account + ", which executes the code",
                    "what " + me + " or a hook makes there, " + account + " cannot write",
                    acl(account, me, directory));
        }
    }

    private static String acl(String account, String me, String directory) {
        String both = me.isEmpty() ? "" : ",d:u:" + me + ":rwX";
        return "setfacl -R -m u:" + account + ":rwX,d:u:" + account + ":rwX" + both + " " + directory
                + " (package acl), or name it in <writable> with <acl>";
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,15}") ? Long.parseLong(text) : 0;
    }

    private void unwritable(String path, String me) {
        add(
                true,
                path + " cannot be written by " + me + ", who deploys",
                DEPLOY_FAILS,
                path.startsWith(site.path())
                        ? "sudo chown -R " + me + " " + path
                        : "sudo install -d -o " + me + " " + site.path());
    }

    private void plainMv() {
        add(
                false,
                "mv knows no -T",
                "the switch, still one rename, takes some steps more, and \"mv\" or \"ln -sfn\" in scripts of yours loses"
                        + " requests",
                "install GNU coreutils or a newer busybox");
    }

    /** Not how much of a release will be shared with the last one, but how much it takes when all has changed. */
    private void room(String unit, long needed, OptionalLong free, boolean zeroIsUnlimited) {
        if (free.isEmpty() || zeroIsUnlimited && free.getAsLong() == 0 || free.getAsLong() >= needed) {
            return;
        }
        add(
                false,
                String.format(
                        Locale.ROOT,
                        "%,d %s are free where releases lie, and the current one takes %,d",
                        free.getAsLong(),
                        unit,
                        needed),
                "a deploy that changes much fails, with nothing switched",
                "free some (df -h, df -i), or keep fewer releases with -Dphp.keepReleases");
    }

    private void refused(String account, String directory) {
        String who = account.isEmpty() ? "the account that executes the code" : account;
        add(
                false,
                directory + " cannot be written by " + who,
                "the application fails where it writes",
                acl(account.isEmpty() ? "ACCOUNT" : account, "", directory));
    }
}
