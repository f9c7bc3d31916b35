"""Runs tasks: Docker tasks as containers named as Mesos names them, command tasks as processes.

What would be an executor process is a thread here. In a container the executors die with their agent, so:
without --docker_mesos_image the tasks' containers are killed when the agent stops, as well as when it comes
back after a kill; with it they are left alone and taken over.
"""
import json
import os
import signal
import subprocess
import threading
import time
import uuid

import glog
import pace
from docker import Docker, DockerError

EXECUTOR = ".executor"  # of the name of the container that an executor has to itself
LIVE = ("TASK_STAGING", "TASK_STARTING", "TASK_RUNNING")


class Executor:
    def __init__(self, version, flags, report):
        """report(task, state, message) tells the master."""
        self.version, self.flags, self.report_to = version, flags, report
        self.docker = Docker(flags["docker_socket"] or "/var/run/docker.sock")
        self.with_docker = "docker" in (flags["containerizers"] or "").split(",")
        self.survives = flags["docker_mesos_image"] is not None
        self.tasks, self.children, self.directory, self.agent_id = {}, {}, None, None
        self.lock = threading.RLock()

    # Checkpoints

    def use(self, directory, agent_id):
        """Where the tasks of this agent are remembered."""
        self.directory, self.agent_id = os.path.join(directory, "standin-tasks"), agent_id
        os.makedirs(self.directory, exist_ok=True)

    def file(self, task):
        return os.path.join(self.directory, task["id"].replace("/", "_") + ".json")

    def save(self, task):
        with open(self.file(task) + ".new", "w") as file:
            json.dump(task, file)
        os.replace(self.file(task) + ".new", self.file(task))

    def forget(self, task):
        with self.lock:
            self.tasks.pop(task["id"], None)
            if os.path.exists(self.file(task)):
                os.unlink(self.file(task))

    def alive(self):
        with self.lock:
            return [task for task in self.tasks.values() if task["state"] in LIVE]

    def report(self, task, state, message=""):
        with self.lock:
            task["state"] = state
            self.save(task)
        self.report_to(task, state, message)

    # Recovery

    def recover(self):
        for name in os.listdir(self.directory) if self.directory else ():
            if name.endswith(".json"):
                with open(os.path.join(self.directory, name)) as file:
                    task = json.load(file)
                self.tasks[task["id"]] = task
        if self.with_docker:
            self.remove_orphans()
        for task in list(self.tasks.values()):
            if task["state"] not in LIVE:
                self.report(task, task["state"], task.get("message", ""))
            elif task.get("container") and not self.survives:
                self.docker.kill(task["runs"])
                self.report(task, "TASK_LOST", "Executor did not reregister within 2secs")
            elif not task.get("runs"):
                self.report(task, "TASK_LOST", "Executor was not launched")
            else:
                glog.info("docker.cpp:900", "Recovering task %s" % task["id"])
                threading.Thread(target=self.watch, args=(task,), daemon=True).start()

    def remove_orphans(self):
        """Every container that this version takes for one of Mesos' own and does not know is stopped and removed."""
        if self.flags["docker_kill_orphans"] == "false":
            return
        own = {name for task in self.alive() if task.get("runs") for name in (task["runs"], str(task["runs"]) + EXECUTOR)}
        try:
            found = self.docker.containers("mesos-")
        except DockerError as error:
            glog.leave("slave.cpp:4000", "Failed to perform recovery: Collect failed: Failed to run 'docker -H unix://%s ps -a': "
                       "exited with status 1; stderr='%s'" % (self.docker.socket_path, error))
        for id, name in found:
            if name not in own and self.claimed(name):
                glog.info("docker.cpp:1022", "Killing orphaned container '%s' (%s)" % (name, id[:12]))
                self.docker.stop(id, 0)
                self.docker.remove(id)

    def claimed(self, name):
        version, rest = self.version, name[len("mesos-"):].removesuffix(EXECUTOR)
        if version.since("0.23") and version.before("1.0"):
            return self.agent_id is not None and rest.startswith(self.agent_id)
        if version.before("1.0") or version.within("1.0.0..1.0.1,1.1.0..1.1.99"):
            return True
        try:
            uuid.UUID((rest.split(".") + [""])[1] if "." in rest else rest)
            return True
        except ValueError:
            return False

    # Tasks

    def launch(self, task):
        with self.lock:
            self.tasks[task["id"]] = task
            self.save(task)
        threading.Thread(target=self.run, args=(task,), daemon=True).start()

    def run(self, task):
        glog.info("slave.cpp:2100", "Launching task '%s' for framework %s" % (task["id"], task["framework_id"]))
        if task.get("container") and not self.with_docker:
            return self.report(task, "TASK_FAILED", "None of the enabled containerizers (%s) could create a container"
                               % self.flags["containerizers"])
        try:
            self.start_container(task) if task.get("container") else self.start_process(task)
            network = self.network(task)
        except (DockerError, OSError) as error:
            glog.error("slave.cpp:4500", "Container for task '%s' failed to start: %s" % (task["id"], error))
            return self.report(task, "TASK_FAILED", "Failed to launch container: %s" % error)
        with self.lock:
            task["statuses"] = [dict({"state": "TASK_RUNNING", "timestamp": time.time()}, **network)]
        self.report(task, "TASK_RUNNING")
        self.watch(task)

    def network(self, task):
        """A bridged container's address, in the status as its version writes it: what is asked for addresses before the host."""
        if not task.get("container") or task["container"]["network"] != "BRIDGE":
            return {}
        address = self.docker.inspect(task["runs"])["NetworkSettings"]["IPAddress"]
        found = {"labels": [{"key": "Docker.NetworkSettings.IPAddress", "value": address}]} if self.version.since("0.23") else {}
        if self.version.since("0.26"):
            found["container_status"] = {"network_infos": [{"ip_addresses": [{"ip_address": address}]}]}
        return found

    def start_container(self, task):
        began, container = time.monotonic(), task["container"]
        if self.survives:
            image = self.docker.image(self.flags["docker_mesos_image"])
            if image is None:
                self.docker.pull(self.flags["docker_mesos_image"])
                image = self.docker.image(self.flags["docker_mesos_image"]) or {}
            if image.get("Entrypoint"):  # it would be given the executor's path as an argument
                raise DockerError("the executor's container exited with status 1 (entrypoint %s)" % image["Entrypoint"])
        if container.get("forcePullImage") or self.docker.image(container["image"]) is None:
            self.docker.pull(container["image"])
        timeout = self.flags.seconds("executor_registration_timeout")
        if time.monotonic() - began > timeout:
            raise DockerError("Executor did not register within %s" % self.flags["executor_registration_timeout"])
        if self.version.since("1.5"):
            self.report(task, "TASK_STARTING")
        with self.lock:
            parts = [self.agent_id] if self.version.since("0.23") and self.version.before("1.4") else []
            task["runs"] = "mesos-" + ".".join(parts + [str(uuid.uuid4())])
            self.save(task)
        if self.survives:
            self.docker.run(task["runs"] + EXECUTOR, {
                "Image": self.flags["docker_mesos_image"], "Entrypoint": ["/bin/sh"], "Cmd": ["-c", "exec sleep 2147483647"],
                "HostConfig": {"NetworkMode": "host"}})
        try:
            self.docker.run(task["runs"], self.specification(task))
        except DockerError:
            self.docker.remove(task["runs"] + EXECUTOR)
            raise

    def specification(self, task):
        container, command = task["container"], task["command"]
        environment = dict(task["env"], MESOS_SANDBOX="/mnt/mesos/sandbox", MESOS_CONTAINER_NAME=task["runs"])
        ports = {"%d/%s" % (m["containerPort"], m["protocol"]): [{"HostPort": str(m["hostPort"])}]
                 for m in container["portMappings"]} if container["network"] == "BRIDGE" else {}
        value = {
            "Image": container["image"], "Env": ["%s=%s" % pair for pair in sorted(environment.items())],
            "ExposedPorts": {port: {} for port in ports}, "Labels": {"MESOS_TASK_ID": task["id"]},
            "HostConfig": {"NetworkMode": container["network"].lower(), "PortBindings": ports, "Binds": container["binds"],
                           "Privileged": container["privileged"], "Memory": int(max(task["resources"]["mem"], 32) * 2 ** 20),
                           "CpuShares": int(max(task["resources"]["cpus"] * 1024, 2))}}
        if command.get("value") is not None:
            value["Entrypoint"], value["Cmd"] = ["/bin/sh"], ["-c", command["value"]]
        elif command.get("arguments"):
            value["Cmd"] = command["arguments"]
        return value

    def start_process(self, task):
        sandbox = os.path.join(self.directory, task["id"].replace("/", "_"))
        os.makedirs(sandbox, exist_ok=True)
        if self.version.since("1.5"):
            self.report(task, "TASK_STARTING")
        command = task["command"]
        argv = ["/bin/sh", "-c", command["value"]] if command.get("value") is not None else command["arguments"]
        with open(os.path.join(sandbox, "stdout"), "ab") as out:
            process = subprocess.Popen(argv, cwd=sandbox, env=dict(os.environ, **task["env"]), stdin=subprocess.DEVNULL,
                                       stdout=out, stderr=out, start_new_session=True)
        self.children[process.pid] = process  # one that nobody refers to is reaped with its status unread
        with self.lock:
            task["runs"] = process.pid
            self.save(task)

    def watch(self, task):
        """Until the task ends; a process taken over from an earlier agent tells no status."""
        try:
            if task.get("container"):
                if self.survives:
                    threading.Thread(target=self.watch_executor, args=(task["runs"],), daemon=True).start()
                status = self.docker.wait(task["runs"])
                threading.Thread(target=self.remove_later, args=(task["runs"],), daemon=True).start()
            else:
                status = self.wait_for_process(task["runs"])
        except DockerError as error:
            return self.report(task, "TASK_FAILED", str(error))
        if task.get("killed"):
            return self.report(task, "TASK_KILLED", "Command terminated with signal Terminated")
        kind = "Container" if task.get("container") else "Command"
        state, verb = ("TASK_FINISHED", "exited") if status == 0 else ("TASK_FAILED", "exited")
        self.report(task, state, "%s %s with status %d" % (kind, verb, status))

    def wait_for_process(self, pid):
        child = self.children.pop(pid, None)
        if child:
            return child.wait()
        while os.path.exists("/proc/%d" % pid):  # of an earlier agent
            time.sleep(0.2)
        return 1

    def watch_executor(self, name):
        """A task does not outlive its executor."""
        try:
            self.docker.wait(name + EXECUTOR)
        except DockerError:
            pass  # an agent of before had none
        else:
            self.docker.kill(name)

    def remove_later(self, name):
        """What has ended stays for a while, and for ever when the agent is not there any more by then."""
        self.docker.kill(name + EXECUTOR)
        time.sleep(pace.scaled(self.flags.seconds("docker_remove_delay", 6 * 3600)))
        self.docker.remove(name)
        self.docker.remove(name + EXECUTOR)

    def kill(self, task_id):
        with self.lock:
            task = self.tasks.get(task_id)
            if task is None:
                return
            task["killed"] = True
        glog.info("slave.cpp:3000", "Asked to kill task %s" % task_id)
        if task.get("container"):
            if task.get("runs"):
                self.docker.stop(task["runs"], int(self.flags.seconds("docker_stop_timeout", 0)))
        else:
            self.signal(task, signal.SIGTERM)

    @staticmethod
    def signal(task, number):
        try:
            os.killpg(task["runs"], number)
        except (OSError, KeyError):
            pass

    def agent_stops(self):
        """The container of the agent goes, and with it every process in it."""
        doomed = []
        for task in self.alive():
            if not task.get("container"):
                self.signal(task, signal.SIGKILL)
            elif not self.survives and task.get("runs"):
                doomed.append(threading.Thread(target=self.docker.kill, args=(task["runs"],)))
        for thread in doomed:
            thread.start()
        for thread in doomed:
            thread.join(5)
