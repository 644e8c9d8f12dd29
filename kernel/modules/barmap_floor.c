// SPDX-License-Identifier: GPL-2.0-only
/*
 * What iommu_map() and iommu_unmap() alone cost for a BAR: VFIO type1 without
 * its lookup, its bookkeeping and its accounting. For measurement only; see
 * barmap_floor.h for the interface.
 *
 * One thread uses a file, and one file a domain; both are checked. So one lock
 * for attaching is enough, and none is in what is measured.
 */
#include <linux/capability.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/iommu.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>
#include <linux/vfio_pci_core.h>

#include "barmap_floor.h"

/**
 * struct floor - an open file
 * @next: the next one of all that are attached
 * @user: the thread that attached it, which alone may map and unmap; NULL: not
 *	attached. Who finds itself here has written all below itself.
 * @device_file: keeps the group in its container, and so @domain alive
 * @domain: what type1 maps the device's memory into
 * @bar_phys: where the BAR starts
 * @bar_bytes: its size
 * @iova: where what it has mapped starts, an IOPTE's first page
 * @mapped_bytes: how much that is, in one piece
 */
struct floor {
	struct list_head next;
	struct task_struct *user;
	struct file *device_file;
	struct iommu_domain *domain;
	phys_addr_t bar_phys;
	u64 bar_bytes;
	u64 iova;
	u64 mapped_bytes;
};

static DEFINE_MUTEX(floor_lock);	/* attaching, and the end of it */
static LIST_HEAD(floor_attached);	/* no two have the same domain */

static int floor_open(struct inode *inode, struct file *file)
{
	struct floor *floor;

	if (!capable(CAP_SYS_RAWIO))
		return -EPERM;

	floor = kzalloc(sizeof(*floor), GFP_KERNEL);
	if (!floor)
		return -ENOMEM;

	INIT_LIST_HEAD(&floor->next);
	file->private_data = floor;
	return 0;
}

static int floor_release(struct inode *inode, struct file *file)
{
	struct floor *floor = file->private_data;

	if (floor->mapped_bytes)
		iommu_unmap(floor->domain, floor->iova, floor->mapped_bytes);
	mutex_lock(&floor_lock);
	list_del(&floor->next);
	mutex_unlock(&floor_lock);
	if (floor->device_file)
		fput(floor->device_file);
	kfree(floor);
	return 0;
}

/* Whether @file is @vdev, opened through its group. */
static bool floor_file_is_device(struct file *file, struct vfio_device *vdev)
{
	struct vfio_device **opened = file->private_data;

	/* A struct vfio_device_file, which is VFIO's own, begins with it. */
	return vfio_file_is_valid(file) && !vfio_file_is_group(file) &&
	       *opened == vdev && !vfio_device_cdev_opened(vdev);
}

static bool floor_domain_used(const struct iommu_domain *domain)
{
	const struct floor *other;

	list_for_each_entry(other, &floor_attached, next)
		if (other->domain == domain)
			return true;
	return false;
}

/* Fill @floor in from the device. Its driver stays while the file is open. */
static int floor_set_device(struct floor *floor, struct pci_dev *pdev,
			    const struct barmap_floor_attach *attach,
			    struct file *file)
{
	struct pci_driver *driver = pci_dev_driver(pdev);
	struct vfio_pci_core_device *core = pci_get_drvdata(pdev);

	/* Of the drivers with anything in drvdata only VFIO's have this set. */
	if (!driver || !driver->driver_managed_dma || !core)
		return -EINVAL;
	if (!floor_file_is_device(file, &core->vdev))
		return -EINVAL;

	if (attach->bar >= PCI_STD_NUM_BARS ||
	    !(pci_resource_flags(pdev, attach->bar) & IORESOURCE_MEM))
		return -ENODEV;
	floor->bar_phys = pci_resource_start(pdev, attach->bar);
	floor->bar_bytes = pci_resource_len(pdev, attach->bar);
	if (!floor->bar_bytes ||
	    !PAGE_ALIGNED(floor->bar_phys | floor->bar_bytes))
		return -ENODEV;

	floor->domain = iommu_get_domain_for_dev(&pdev->dev);
	if (!floor->domain || floor->domain->type != IOMMU_DOMAIN_UNMANAGED)
		return -EOPNOTSUPP;
	return floor_domain_used(floor->domain) ? -EBUSY : 0;
}

static int floor_find_device(struct floor *floor,
			     const struct barmap_floor_attach *attach)
{
	struct pci_dev *pdev;
	struct file *file;
	int ret;

	pdev = pci_get_domain_bus_and_slot(attach->segment, attach->bus,
					   attach->devfn);
	if (!pdev)
		return -ENODEV;

	file = fget(attach->device_fd);
	if (!file) {
		ret = -EBADF;
		goto put_device;
	}

	device_lock(&pdev->dev);
	ret = floor_set_device(floor, pdev, attach, file);
	device_unlock(&pdev->dev);
	if (ret) {
		fput(file);
		goto put_device;
	}

	floor->device_file = file;
	list_add(&floor->next, &floor_attached);
	WRITE_ONCE(floor->user, current);
put_device:
	pci_dev_put(pdev);
	return ret;
}

static int floor_attach(struct floor *floor, void __user *arg)
{
	struct barmap_floor_attach attach;
	int ret = -EBUSY;

	if (copy_from_user(&attach, arg, sizeof(attach)))
		return -EFAULT;
	if (attach.reserved)
		return -EINVAL;

	mutex_lock(&floor_lock);
	if (!floor->user)
		ret = floor_find_device(floor, &attach);
	mutex_unlock(&floor_lock);
	return ret;
}

/* What IOMMU drivers take for granted of a range. */
static bool floor_range_valid(const struct floor *floor, u64 iova, u64 size)
{
	return size && PAGE_ALIGNED(iova | size) && iova + size - 1 >= iova &&
	       iova + size - 1 <= floor->domain->geometry.aperture_end;
}

static int floor_map(struct floor *floor, void __user *arg)
{
	const u32 flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE;
	const size_t minsz = offsetofend(struct vfio_iommu_type1_dma_map, size);
	struct vfio_iommu_type1_dma_map map;
	int prot = IOMMU_CACHE;
	int ret;

	if (copy_from_user(&map, arg, minsz))
		return -EFAULT;
	if (map.argsz < minsz || map.flags & ~flags || !map.flags)
		return -EINVAL;
	if (!floor_range_valid(floor, map.iova, map.size) ||
	    !PAGE_ALIGNED(map.vaddr) || map.vaddr > floor->bar_bytes ||
	    map.size > floor->bar_bytes - map.vaddr)
		return -EINVAL;
	if (floor->mapped_bytes &&
	    (map.iova < floor->iova ||
	     map.iova - floor->iova != floor->mapped_bytes))
		return -EINVAL;

	if (map.flags & VFIO_DMA_MAP_FLAG_READ)
		prot |= IOMMU_READ;
	if (map.flags & VFIO_DMA_MAP_FLAG_WRITE)
		prot |= IOMMU_WRITE;
	ret = iommu_map(floor->domain, map.iova, floor->bar_phys + map.vaddr,
			map.size, prot, GFP_KERNEL_ACCOUNT);
	if (ret)
		return ret;
	if (!floor->mapped_bytes)
		floor->iova = map.iova;
	floor->mapped_bytes += map.size;
	return 0;
}

/*
 * The IOMMU unmaps whole IOPTEs, and may so unmap more than was asked. From the
 * start of what the floor has mapped to its end, all IOPTEs are the floor's.
 */
static int floor_unmap(struct floor *floor, void __user *arg)
{
	const size_t minsz = offsetofend(struct vfio_iommu_type1_dma_unmap,
					 size);
	struct vfio_iommu_type1_dma_unmap unmap;

	if (copy_from_user(&unmap, arg, minsz))
		return -EFAULT;
	if (unmap.argsz < minsz || unmap.flags)
		return -EINVAL;
	if (!unmap.size || !PAGE_ALIGNED(unmap.size) ||
	    unmap.size > floor->mapped_bytes || unmap.iova != floor->iova)
		return -EINVAL;

	unmap.size = iommu_unmap(floor->domain, unmap.iova, unmap.size);
	floor->iova += unmap.size;
	floor->mapped_bytes -= unmap.size;
	return copy_to_user(arg, &unmap, minsz) ? -EFAULT : 0;
}

static long floor_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct floor *floor = file->private_data;
	void __user *argp = (void __user *)arg;
	struct task_struct *user;

	if (!capable(CAP_SYS_RAWIO))
		return -EPERM;
	if (cmd == BARMAP_FLOOR_ATTACH)
		return floor_attach(floor, argp);
	user = READ_ONCE(floor->user);
	if (user != current)
		return user ? -EPERM : -ENOTCONN;

	switch (cmd) {
	case VFIO_IOMMU_MAP_DMA:
		return floor_map(floor, argp);
	case VFIO_IOMMU_UNMAP_DMA:
		return floor_unmap(floor, argp);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations floor_fops = {
	.owner = THIS_MODULE,
	.open = floor_open,
	.release = floor_release,
	.unlocked_ioctl = floor_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice floor_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = BARMAP_FLOOR_NAME,
	.fops = &floor_fops,
	.mode = 0600,
};
module_misc_device(floor_device);

MODULE_DESCRIPTION("IOMMU mappings of a BAR without a lookup, for measurement");
MODULE_AUTHOR("barmap developers <barmap@example.org>");
MODULE_LICENSE("GPL");
