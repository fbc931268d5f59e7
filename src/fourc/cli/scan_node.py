"""`fourc scan node`: updates that wait on a node."""

import argparse

from fourc.app.node_scan import NodeScan, scan_node
from fourc.cli.scan_vulns import severity_of
from fourc.errors import UsageError
from fourc.model.report import Report
from fourc.model.text import Text


def node_report(options: argparse.Namespace) -> Report:
    """What a node's file system says of updates that wait."""
    if len(options.targets) != 1:
        raise UsageError(
            Text("one folder, the root of the node's file system, is looked at", "只检查一个目录：节点文件系统的根"),
            hint=Text("fourc scan node /", "fourc scan node /"),
        )
    return scan_node(NodeScan(options.targets[0], severity_of(options)))
